import { randomInt } from "node:crypto";
import { findPartition } from "../../trust/partition";
import { notFound, validationError } from "./errors";

/** The signing platform for container images. */
export const containerPlatform = "Notation-OCI-SHA384-ECDSA";

/** How long a signature is valid, counted from its signing time. */
export interface ValidityPeriod {
  readonly type: "DAYS" | "MONTHS" | "YEARS";
  readonly value: number;
}

/** One version of a signing profile. */
export interface SigningProfile {
  readonly name: string;
  readonly account: string;
  /** Ten letters and digits. */
  readonly version: string;
  readonly validity: ValidityPeriod;
  readonly arn: string;
  readonly versionArn: string;
}

/** The location that the stand-in uses in its ARNs. */
export interface Location {
  readonly region: string;
  readonly account: string;
}

/** AWS's default, which is also the maximum. */
const longestValidity: ValidityPeriod = { type: "MONTHS", value: 135 };

/** The signing profiles of one region. Only the newest version of a profile signs. */
export interface Profiles {
  put(name: string, options?: { readonly validity?: ValidityPeriod; readonly account?: string }): SigningProfile;
  /** @throws SignerError (ResourceNotFoundException) for a profile that does not exist. */
  newest(name: string, account?: string): SigningProfile;
  /** @throws SignerError (ResourceNotFoundException) as well. */
  version(name: string, version: string): SigningProfile;
}

export function makeProfiles(location: Location): Profiles {
  const versions: SigningProfile[] = [];

  return {
    put: (name, { validity = longestValidity, account = location.account } = {}) => {
      if (!/^[a-zA-Z0-9_]{2,64}$/.test(name)) {
        throw validationError(`Profile name "${name}" is not allowed: use 2 to 64 letters, digits and underscores.`);
      }
      checkValidity(validity);
      const version = newVersion();
      const arn = `arn:${findPartition(location.region)}:signer:${location.region}:${account}:/signing-profiles/${name}`;
      const profile = { name, account, version, validity, arn, versionArn: `${arn}/${version}` };
      versions.push(profile);
      return profile;
    },
    newest: (name, account = location.account) => {
      const found = versions.findLast((profile) => profile.name === name && profile.account === account);
      if (!found) throw notFound(`Signing profile ${name} of account ${account} does not exist.`);
      return found;
    },
    version: (name, version) => {
      const found = versions.find((profile) => profile.name === name && profile.version === version);
      if (!found) throw notFound(`Signing profile ${name} has no version ${version}.`);
      return found;
    },
  };
}

/** When a signature made at `signingTime` expires. */
export function computeExpiry(signingTime: Date, { type, value }: ValidityPeriod): Date {
  const expiry = new Date(signingTime);
  if (type === "DAYS") expiry.setUTCDate(expiry.getUTCDate() + value);
  else expiry.setUTCMonth(expiry.getUTCMonth() + toMonths({ type, value }));
  return expiry;
}

function checkValidity(validity: ValidityPeriod): void {
  const allowed =
    Number.isInteger(validity.value) && validity.value >= 1 && toMonths(validity) <= longestValidity.value;
  if (!allowed) {
    throw validationError(
      `Validity ${validity.value} ${validity.type} is not allowed: 1 DAYS to ${longestValidity.value} MONTHS.`,
    );
  }
}

function toMonths({ type, value }: ValidityPeriod): number {
  if (type === "YEARS") return value * 12;
  return type === "MONTHS" ? value : value / 31;
}

function newVersion(): string {
  const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return Array.from({ length: 10 }, () => characters.charAt(randomInt(characters.length))).join("");
}

import type { Partition } from "./partition";
import { findPartition, isAccountId, isRegionName } from "./partition";
import type { Finding } from "./problem";
import { quote } from "./quote";
import { type Fault, FixableError } from "./text/fixable-error";
import { withoutUndefined } from "./text/without-undefined";

/** The kinds of identities. */
export type IdentityKind = "profile" | "profile-version";

/** Who may sign: the parsed ARN of something that AWS Signer signs with. */
export interface Identity {
  readonly kind: IdentityKind;
  /** The ARN as written. The comparison is case-sensitive; the Signer plugin alone would ignore case. */
  readonly arn: string;
  readonly partition: Partition;
  readonly region: string;
  readonly account: string;
  /** Name of the profile. */
  readonly name: string;
  /** Only for the kind `profile-version`. */
  readonly version?: string;
}

/** The text is not an identity. */
export class IdentityInvalidError extends FixableError {
  override readonly name = "IdentityInvalidError";

  constructor(
    text: string,
    /** What is wrong, what is allowed and what to do, for a problem in a trust document. */
    readonly finding: Finding,
  ) {
    super({ what: `${quote(text)} ${finding.message}.`, allowed, fix: finding.fix });
  }

  get fault(): Fault {
    return "input";
  }
}

const allowed =
  '"arn:aws:signer:<region>:<account>:/signing-profiles/<name>" for every version of a profile, ' +
  '"...:/signing-profiles/<name>/<version>" for one version';

const profileName = /^[A-Za-z0-9_]{2,64}$/;
const profileVersion = /^[A-Za-z0-9]{10}$/;
// With an alias, AWS Signer signs with the profile that the alias points to at that time.
const aliasCollections = ["aliases", "aliased-signing-profiles"];

type Resource = Pick<Identity, "kind" | "name" | "version">;

function invalid(text: string, message: string, fix?: string): IdentityInvalidError {
  return new IdentityInvalidError(text, withoutUndefined({ message, allowed, fix }));
}

/** Corrects the mistakes in a resource that Notation and the plugin would silently never match. */
function corrected(resource: string): string | undefined {
  const bare = resource.replace(/^\/+/, "");
  const [collection = "", ...rest] = bare.split("/");
  const meant = new Map([
    ["signing-profile", "signing-profiles"],
    ["signing_profiles", "signing-profiles"],
    ["signing_profile", "signing-profiles"],
    ["signingprofiles", "signing-profiles"],
    ["signing-profiles", "signing-profiles"],
  ]).get(collection.toLowerCase());
  if (meant === undefined || rest.join("/") === "") return undefined;
  const path = `/${[meant, ...rest].join("/")}`;
  return path === resource ? undefined : path;
}

function profileResource(text: string, parts: readonly string[]): Resource | IdentityInvalidError {
  const [name = "", version, ...more] = parts;
  if (!profileName.test(name)) {
    return invalid(text, "names no valid signing profile: a name has 2 to 64 letters, digits or underscores");
  }
  if (version === undefined) return { kind: "profile", name };
  if (more.length > 0 || !profileVersion.test(version)) {
    return invalid(
      text,
      "has no valid profile version: a version has exactly 10 letters or digits",
      `To trust every version, omit it: end the ARN with "/signing-profiles/${name}".`,
    );
  }
  return { kind: "profile-version", name, version };
}

function readResource(text: string, prefix: string, resource: string): Resource | IdentityInvalidError {
  const fixed = corrected(resource);
  if (fixed !== undefined) {
    return invalid(
      text,
      `has the resource ${quote(resource)}, which never matches a signature`,
      `Write ${quote(prefix + fixed)}.`,
    );
  }
  const [root, collection = "", ...rest] = resource.split("/");
  if (root === "" && collection === "signing-profiles") return profileResource(text, rest);
  if (root === "" && aliasCollections.includes(collection)) {
    return invalid(
      text,
      "is an alias; it does not fix account and region of the profile that signs, and the Signer plugin does not support aliases",
      "List the signing profile that it points to.",
    );
  }
  return invalid(text, `has the resource ${quote(resource)}, which is not something that signs`);
}

function readParts(text: string): readonly string[] | IdentityInvalidError {
  if (text === "*") {
    return invalid(
      text,
      "would trust every AWS customer, because all of them sign under the same root certificate, and the Signer plugin rejects it",
      "List the signing profiles that you trust.",
    );
  }
  if (text.toLowerCase() === "self") {
    return invalid(text, "is not an ARN", 'For the signing profile of this stack, write "self" in a trust document.');
  }
  const stack = /^stack:\s*(.+)$/i.exec(text)?.[1];
  if (stack !== undefined) {
    return invalid(
      text,
      "is not an ARN",
      `Write the ARN of that stack's signing profile, its output signingProfileArn. Only the trust document in a stack's file may say ${quote(`stack:${stack}`)}.`,
    );
  }
  if (text.length > 2048 || /[^\x21-\x7e]/.test(text)) {
    return invalid(text, "is too long or has white space, a control character or a character outside ASCII");
  }
  if (text.includes("*")) {
    return invalid(text, "has a wildcard; identities must match exactly", "List each signing profile.");
  }
  if (text.startsWith("x509.subject:")) {
    return invalid(
      text,
      "is the subject of a certificate; AWS Signer's certificates do not identify its customers",
      "Use the ARN of the signing profile.",
    );
  }
  return text.split(":");
}

/**
 * Reads an identity. Accepts the forms that the AWS Signer plugin for Notation matches (its `verifier.go`) and that
 * name a profile. Notation silently ignores other forms, so the grammar here is strict.
 *
 * @returns What is wrong, for a text that is none.
 */
export function readIdentity(text: string): Identity | IdentityInvalidError {
  const parts = readParts(text);
  if (parts instanceof IdentityInvalidError) return parts;
  const [arn, partition = "", service, region = "", account = "", ...path] = parts;
  if (arn !== "arn") return invalid(text, "is not an ARN");
  if (service !== "signer") {
    return invalid(text, `is an ARN of the service ${quote(service ?? "")}, not of AWS Signer`);
  }
  if (!isRegionName(region)) return invalid(text, `has no valid region (${quote(region)})`);
  if (!isAccountId(account)) return invalid(text, `has no valid account (${quote(account)}): it has 12 digits`);
  const expected = findPartition(region);
  if (partition !== expected) {
    return invalid(
      text,
      `has the partition ${quote(partition)}, but ${region} is a region of ${expected}`,
      `Start it with "arn:${expected}:signer:${region}:".`,
    );
  }
  const prefix = [arn, partition, service, region, account, ""].join(":");
  const resource = readResource(text, prefix, path.join(":"));
  if (resource instanceof IdentityInvalidError) return resource;
  return { ...resource, arn: text, partition: expected, region, account };
}

/**
 * Reads an identity as {@link readIdentity} does.
 *
 * @throws {@link IdentityInvalidError}
 */
export function parseIdentity(text: string): Identity {
  const identity = readIdentity(text);
  if (identity instanceof IdentityInvalidError) throw identity;
  return identity;
}

/** Whether a value is an identity. */
export function isIdentity(value: unknown): value is string {
  return typeof value === "string" && !(readIdentity(value) instanceof IdentityInvalidError);
}

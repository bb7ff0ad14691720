import { type Identity, IdentityInvalidError, readIdentity } from "../../trust/identity";
import { printable } from "../lib/printable";

/** The signing profile that a signature names; undefined if it names none. */
export function readProfile(profileVersion: string | null | undefined): Identity | undefined {
  const identity = readIdentity(profileVersion ?? "");
  return identity instanceof IdentityInvalidError ? undefined : identity;
}

/** The ARN of a profile, without its version. */
export function profileArn({ partition, region, account, name }: Identity): string {
  return `arn:${partition}:signer:${region}:${account}:/signing-profiles/${name}`;
}

/** A profile in a cell: its name, with the account if that is another than the one that is scanned. */
export function signerName(profileVersion: string | undefined, account: string | undefined): string {
  const profile = readProfile(profileVersion);
  if (profile === undefined) return profileVersion === undefined ? "-" : printable(profileVersion, 120);
  return profile.account === account ? profile.name : `${profile.account}:${profile.name}`;
}

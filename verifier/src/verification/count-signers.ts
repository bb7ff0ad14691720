import { listRequirements, type Requirement, type Signers, toSigner } from "../../../trust/signers";
import type { SignatureFact } from "../notation/protocol";

/** How far the signatures of an image meet what its statement requires. */
export interface SignerCount {
  /** Every requirement is met by valid signatures. */
  readonly met: boolean;
  /** Could be met if all signatures that could not be checked to the end were valid. */
  readonly open: boolean;
  /** One valid signature of each identity: the one that is valid for the longest time. */
  readonly counted: readonly SignatureFact[];
  /** What each requirement lacks. */
  readonly lacking: readonly Lack[];
}

/** What a requirement lacks: so many signatures by these signing profiles. */
export interface Lack {
  readonly count: number;
  readonly signers: readonly string[];
}

/**
 * Counts identities: account, region and name of the signing profile that a signature names. Signatures of one identity
 * count once, and versions of a profile are one identity. A signature of unknown origin that could not be checked to the
 * end may be by any one identity.
 *
 * @param signatures The facts about all signatures; only those that are valid count.
 * @param isUndecided Whether a signature could still be valid.
 */
export function countSigners(
  signers: Signers,
  signatures: readonly SignatureFact[],
  isUndecided: (signature: SignatureFact) => boolean,
): SignerCount {
  const requirements = listRequirements(signers);
  const counted = longestValid(requirements, signatures);
  const undecided = signatures.filter((signature) => isUndecided(signature) && !counted.has(identityOf(signature)));
  const known = new Set(undecided.map(identityOf).filter((identity) => identity !== ""));
  const unknown = undecided.filter((signature) => identityOf(signature) === "").length;

  const lacking = requirements.flatMap((requirement) => lackOf(requirement, counted));
  const stillLacking = lacking.reduce(
    (sum, { count, signers: missing }) => sum + Math.max(0, count - missing.filter((one) => known.has(one)).length),
    0,
  );
  return {
    met: lacking.length === 0,
    open: stillLacking <= unknown,
    counted: [...counted.values()],
    lacking,
  };
}

/** The signing profile of a signature; empty if it is not known. */
export function identityOf({ profileVersion = "" }: SignatureFact): string {
  return toSigner(profileVersion);
}

function longestValid(
  requirements: readonly Requirement[],
  signatures: readonly SignatureFact[],
): ReadonlyMap<string, SignatureFact> {
  const longest = new Map<string, SignatureFact>();
  for (const signature of signatures) {
    const identity = identityOf(signature);
    if (!signature.valid || !requirements.some((one) => isListed(one, signature.profileVersion ?? ""))) continue;
    const known = longest.get(identity);
    if (known === undefined || endOf(signature) > endOf(known)) longest.set(identity, signature);
  }
  return longest;
}

/** Whether a requirement lists a profile version, or its profile. */
function isListed({ identities }: Requirement, profileVersion: string): boolean {
  return identities.includes(profileVersion) || identities.includes(toSigner(profileVersion));
}

function endOf({ expiry }: SignatureFact): number {
  return expiry === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiry);
}

function lackOf(requirement: Requirement, counted: ReadonlyMap<string, SignatureFact>): readonly Lack[] {
  const signers = [...new Set(requirement.identities.map(toSigner))];
  const missing = signers.filter((signer) => {
    const signature = counted.get(signer);
    return signature === undefined || !isListed(requirement, signature.profileVersion ?? "");
  });
  const count = requirement.atLeast - (signers.length - missing.length);
  return count > 0 ? [{ count, signers: missing }] : [];
}

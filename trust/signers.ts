import { IdentityInvalidError, readIdentity } from "./identity";
import { self } from "./registry-entry";
import { withoutUndefined } from "./text/without-undefined";
import { asFields, asList } from "./unchecked-value";

/** Signers of which a number must have signed. */
export interface Requirement {
  /** ARNs (see `parseIdentity`), or `self`. */
  readonly identities: readonly string[];
  /** So many of the identities must have signed. Versions of a signing profile are one identity. */
  readonly atLeast: number;
}

/** The part of a statement that names signers: it has one of the two. */
export interface Signers {
  /**
   * ARNs (see `parseIdentity`), or `self` for the signing profile that this stack creates: one valid signature of any of
   * them is enough.
   */
  readonly identities?: readonly string[];
  /** Each entry must be met, by signers of its own. */
  readonly require?: readonly Requirement[];
}

/** What a statement requires: each entry must be met. A list of `identities` is met by any one of them. */
export function listRequirements({ identities, require }: Signers): readonly Requirement[] {
  return require ?? [{ identities: identities ?? [], atLeast: 1 }];
}

/** All identities that a statement trusts, each once. */
export function listIdentities(signers: Signers): readonly string[] {
  return [...new Set(listRequirements(signers).flatMap(({ identities }) => identities))];
}

/** Whether any of the statements trusts the signing profile of the stack itself. */
export function trustsSelf(statements: readonly Signers[]): boolean {
  return statements.some((statement) => listIdentities(statement).includes(self));
}

/** The same statement with other identities; `change` gets one list at a time. */
export function mapIdentities<S extends Signers>(
  statement: S,
  change: (identities: readonly string[]) => readonly string[],
): S {
  const { identities, require } = statement;
  return {
    ...statement,
    ...withoutUndefined({
      identities: identities && change(identities),
      require: require?.map((entry) => ({ ...entry, identities: change(entry.identities) })),
    }),
  };
}

/** One list of identities, with its path in the statement. */
export interface IdentityList {
  readonly path: readonly PropertyKey[];
  readonly entries: readonly unknown[];
}

/** The lists of identities in a statement that has not been checked. */
export function identityLists(statement: unknown): readonly IdentityList[] {
  const { identities, require } = asFields(statement);
  return [
    { path: ["identities"], entries: asList(identities) },
    ...asList(require).map((entry, index) => ({
      path: ["require", index, "identities"],
      entries: asList(asFields(entry).identities),
    })),
  ];
}

/**
 * What counts as one signer: the profile of an ARN, without a version. Other texts (`self`, `stack:NAME`) stand for
 * themselves.
 */
export function toSigner(identity: string): string {
  const parsed = readIdentity(identity);
  if (parsed instanceof IdentityInvalidError || parsed.version === undefined) return identity;
  return identity.slice(0, -`/${parsed.version}`.length);
}

/** Whether signatures by these signers (see {@link toSigner}) meet what a statement requires. */
export function isMetBy(signers: Signers, signed: ReadonlySet<string>): boolean {
  return listRequirements(signers).every(({ identities, atLeast }) => {
    const listed = new Set(identities.map(toSigner));
    return [...listed].filter((signer) => signed.has(signer)).length >= atLeast;
  });
}

import type { Problem } from "./problem";
import { formatPath } from "./problem";
import { toSigner } from "./signers";
import { asFields, asList, isMapping } from "./unchecked-value";

/**
 * The most signers that a statement may require: each is a call to AWS Signer with every verification, and calls count
 * against a quota that all launches share.
 */
export const MAX_REQUIRED_SIGNERS = 5;

/** What is wrong between the signers of a statement. `statement` has not been checked; each entry is checked separately. */
export function signerProblems(statement: unknown, index: number): readonly Problem[] {
  if (!isMapping(statement)) return [];
  const { identities, require } = asFields(statement);
  const path = ["statements", index];
  if (!("identities" in statement || "require" in statement)) {
    return [
      {
        path: formatPath([...path, "identities"]),
        value: undefined,
        message: "is required",
        allowed: "identities (a signature of any of them), or require (each entry must be met)",
      },
    ];
  }
  if (require === undefined) return [];
  if (identities !== undefined) {
    return [
      {
        path: formatPath([...path, "require"]),
        value: require,
        message: "stands beside identities; a statement has one of the two",
        fix: "Keep identities if one signature of any of them is enough, or move them into an entry of require.",
      },
    ];
  }
  const entries = asList(require).map(toEntry);
  return [
    ...repeatedSigners(entries, [...path, "require"]),
    ...impossibleEntries(entries, [...path, "require"]),
    ...tooManySigners(entries, [...path, "require"]),
  ];
}

interface Entry {
  readonly signers: readonly { readonly signer: string; readonly text: string; readonly position: number }[];
  readonly atLeast: number;
}

function toEntry(value: unknown): Entry {
  const { identities, atLeast } = asFields(value);
  const signers = asList(identities).flatMap((text, position) =>
    typeof text === "string" ? [{ signer: toSigner(text), text, position }] : [],
  );
  return { signers, atLeast: typeof atLeast === "number" ? atLeast : 1 };
}

/** One signature must not meet two entries: "built by CI and approved" would be met by one signer. */
function repeatedSigners(entries: readonly Entry[], path: readonly PropertyKey[]): readonly Problem[] {
  const first = new Map<string, number>();
  return entries.flatMap(({ signers }, index) =>
    signers.flatMap(({ signer, text, position }): Problem[] => {
      const earlier = first.get(signer) ?? index;
      first.set(signer, earlier);
      if (earlier === index) return [];
      return [
        {
          path: formatPath([...path, index, "identities", position]),
          value: text,
          message: `is a signing profile of ${formatPath([...path, earlier])}, too; one signer must not meet two entries`,
          fix: "Remove it from one of them.",
        },
      ];
    }),
  );
}

function impossibleEntries(entries: readonly Entry[], path: readonly PropertyKey[]): readonly Problem[] {
  return entries.flatMap(({ signers, atLeast }, index): Problem[] => {
    const count = new Set(signers.map(({ signer }) => signer)).size;
    if (atLeast <= count || count === 0) return [];
    return [
      {
        path: formatPath([...path, index, "atLeast"]),
        value: atLeast,
        message: `can never be met: the entry lists ${count} ${count === 1 ? "signing profile" : "signing profiles"} (versions of one count once)`,
        allowed: count === 1 ? "1" : `1 to ${count}`,
      },
    ];
  });
}

function tooManySigners(entries: readonly Entry[], path: readonly PropertyKey[]): readonly Problem[] {
  const needed = entries.reduce((sum, { atLeast }) => sum + atLeast, 0);
  if (needed <= MAX_REQUIRED_SIGNERS) return [];
  return [
    {
      path: formatPath(path),
      value: `${needed} signers`,
      message: "are more than a statement may require: each is a call to AWS Signer with every verification",
      allowed: `at most ${MAX_REQUIRED_SIGNERS} in all`,
    },
  ];
}

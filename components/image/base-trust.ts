import { notationTrustPolicy } from "../../trust/derive";
import { parseTrustDocument, type TrustDocument } from "../../trust/document";
import { expandTrustDocument, type ResolvedTrustDocument } from "../../trust/expand";
import { parseIdentity } from "../../trust/identity";
import { formatPath, type Problem, TrustDocumentError } from "../../trust/problem";
import { self } from "../../trust/registry-entry";
import { identityLists } from "../../trust/signers";

/** The trust in a base image, as written and as it is verified. */
export interface BaseTrust {
  readonly document: TrustDocument;
  readonly resolved: ResolvedTrustDocument;
}

/**
 * Reads whom a base image must be signed by: a trust document of its own, since those who make the base are seldom those whose
 * images may run. It says all by itself. `self` is refused: what it stands for is made by the deployment, and the base is
 * verified before. The signing profile that is listed first says the account, region and partition.
 *
 * @throws `TrustDocumentError` with every problem; `PartitionUnsupportedError` in a partition without a known root certificate.
 */
export function readBaseTrust(value: unknown): BaseTrust {
  const document = parseTrustDocument(value);
  const problems = [...selfProblems(document), ...exemptionProblems(document)];
  const [first] = document.statements.flatMap((statement) =>
    identityLists(statement).flatMap(({ entries }) => entries),
  );
  if (problems.length > 0 || first === undefined) throw new TrustDocumentError(problems);
  const { account, region } = parseIdentity(String(first));
  const resolved = expandTrustDocument(document, { account, region });
  notationTrustPolicy(resolved);
  return { document, resolved };
}

function selfProblems({ registries, statements }: TrustDocument): readonly Problem[] {
  const values: readonly (readonly [path: readonly PropertyKey[], value: unknown])[] = [
    ...registries.map((registry, index) => [["registries", index], registry] as const),
    ...statements.flatMap((statement, index) => [
      ...statement.repositories.map((name, place) => [["statements", index, "repositories", place], name] as const),
      [["statements", index, "signaturesFrom"], statement.signaturesFrom] as const,
      ...identityLists(statement).flatMap(({ path, entries }) =>
        entries.map((identity, place) => [["statements", index, ...path, place], identity] as const),
      ),
    ]),
  ];
  return values.filter(([, value]) => value === self || String(value).startsWith(`${self}/`)).map(ofSelf);
}

function ofSelf([path, value]: readonly [path: readonly PropertyKey[], value: unknown]): Problem {
  return {
    path: formatPath(path),
    value,
    message: "is of this stack, and the base image is verified before anything of the stack is made",
    fix: "Write the registry's host, or the ARN of the signing profile.",
  };
}

function exemptionProblems({ exemptions }: TrustDocument): readonly Problem[] {
  if (exemptions.length === 0) return [];
  return [
    {
      path: "exemptions",
      value: exemptions.map(({ image }) => image),
      message: "would let a base image be used that nobody has signed",
      fix: "Remove them. A base image is verified only where there is baseImageTrust.",
    },
  ];
}

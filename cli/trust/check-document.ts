import { NO_ACCOUNT } from "../../configuration/stack-place";
import { notationTrustPolicy } from "../../trust/derive";
import { parseTrustDocument, type Statement, type TrustDocument } from "../../trust/document";
import { expandTrustDocument } from "../../trust/expand";
import { PartitionUnsupportedError } from "../../trust/partition";
import type { Problem } from "../../trust/problem";
import { self } from "../../trust/registry-entry";
import { type CheckOptions, caught, type Findings } from "./findings";
import { dependsOnAccount, impliedAccount, regionOfIdentities, unknownProfile } from "./place";
import { trustWarnings } from "./warnings";

/** `self` in one entry of require may be a signing profile that is written out in another. */
function mayRepeatSelf({ require = [] }: Statement): boolean {
  return require.some(
    (entry) =>
      entry.identities.includes(self) &&
      require.some((other) => other !== entry && other.identities.some((identity) => identity !== self)),
  );
}

/** Checks a trust document as far as possible without AWS. */
export function checkDocument(value: unknown, { account, region, now }: CheckOptions): Findings {
  const parsed = caught(() => parseTrustDocument(value, { now }));
  if ("problems" in parsed) return { problems: parsed.problems, warnings: [], notChecked: [] };
  const document = parsed.result;
  const dependent = dependsOnAccount(document);
  const place = region ?? (dependent ? undefined : regionOfIdentities(document));
  const notChecked = [
    ...(document.statements.some(mayRepeatSelf)
      ? [
          "whether `self` is a signing profile that another entry of require lists (`trust show --signing-profile` checks that)",
        ]
      : []),
    ...(dependent && account === undefined ? ["what `self` becomes (give --account)"] : []),
    ...(place === undefined ? ["whether everything is in one partition (give --region)"] : []),
  ];
  const problems = place === undefined ? [] : placeProblems(document, account, place);
  return { problems, warnings: trustWarnings(document, now), notChecked };
}

/** Problems that show only when the account and region are known; an unknown profile is assumed to be valid. */
function placeProblems(document: TrustDocument, account: string | undefined, region: string): readonly Problem[] {
  const known = account ?? impliedAccount(document, region) ?? NO_ACCOUNT;
  const signingProfileArn = unknownProfile(known, region, 0);
  try {
    const expanded = caught(() => expandTrustDocument(document, { account: known, region, signingProfileArn }));
    if ("problems" in expanded) return expanded.problems;
    notationTrustPolicy(expanded.result);
    return [];
  } catch (error) {
    if (!(error instanceof PartitionUnsupportedError)) throw error;
    return [{ path: "region", value: region, message: "cannot be used", fix: error.message }];
  }
}

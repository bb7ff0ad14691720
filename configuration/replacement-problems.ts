import type { TrustDocument } from "../trust/document";
import { self } from "../trust/registry-entry";
import type { LastOutputs } from "./last-outputs";
import { type ConfigurationProblem, keyOf } from "./problem";
import type { Configuration } from "./read";

type Problems = readonly ConfigurationProblem[];

/**
 * What a deployed stack must not become: its signing profile would be another one, and every image signed before denied. A
 * change of the profile's validity is found by components/signing-profile.ts.
 */
export function replacementProblems(
  last: LastOutputs,
  configuration: Pick<Configuration, "region" | "signingProfile">,
  trust: TrustDocument,
): Problems {
  const moved = regionProblems(last, configuration);
  return moved.length > 0 ? moved : profileProblems(last, configuration, trust);
}

function regionProblems({ region: last }: LastOutputs, { region }: Pick<Configuration, "region">): Problems {
  if (last === undefined || last === region) return [];
  return [
    {
      key: "aws:region",
      value: region,
      message: `is not where this stack is, which is ${last}: its signing profile would be cancelled, and every image that it signed denied`,
      fix: `Run: pulumi config set aws:region ${last}. Another region is a stack of its own: docs/rotation.md.`,
    },
  ];
}

function profileProblems(
  { signingProfileArn: last, signingProfileVersionArn: ownVersion }: LastOutputs,
  { signingProfile: { arn } }: Pick<Configuration, "signingProfile">,
  { statements }: TrustDocument,
): Problems {
  const staysOwn = arn === undefined && ownVersion !== undefined;
  if (last === undefined || last === arn || staysOwn) return [];
  const affected = statements.filter(({ identities }) => identities.includes(self) && !identities.includes(last));
  if (affected.length === 0) return [];
  return [
    {
      key: keyOf(["signingProfile", "arn"]),
      value: arn,
      message: `makes "self" another signing profile than ${last}: the images which that one signed would be denied`,
      fix: `List ${last} beside self in ${affected.map(({ name }) => name).join(", ")} until they are signed again: docs/rotation.md.`,
    },
  ];
}

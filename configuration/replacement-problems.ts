import { functionNames } from "../components/gate/gate-names";
import type { TrustDocument } from "../trust/document";
import { self } from "../trust/registry-entry";
import { listRequirements } from "../trust/signers";
import { asList, valueAt } from "../trust/unchecked-value";
import type { LastOutputs } from "./last-outputs";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { Configuration } from "./read";
import { stackIdentities } from "./stack-identities";

type Problems = readonly ConfigurationProblem[];

/**
 * Refuses another account or region for a deployed stack, another name of an environment that has a gate, and changes after which `self` or `stack:NAME` would mean another signing profile: every image
 * signed before would be denied. components/signing-profile.ts refuses a change of the profile's validity, and another own profile.
 *
 * @param trust The trust document, with `arns` filled in.
 * @param arns ARNs of other stacks' signing profiles, by the identity that names the stack.
 */
export function replacementProblems(
  last: LastOutputs,
  configuration: Pick<Configuration, "account" | "region" | "environment" | "gate" | "signingProfile" | "trust">,
  trust: TrustDocument,
  arns: ReadonlyMap<string, string>,
): Problems {
  const moved = [...accountProblems(last, configuration), ...regionProblems(last, configuration)];
  if (moved.length > 0) return moved;
  return [
    ...gateProblems(last, configuration),
    ...profileProblems(last, configuration, trust),
    ...stackProblems(last, configuration, trust, arns),
  ];
}

/**
 * Another name of the environment is another gate. Its guard would refuse to remove the old one only after the new one is made,
 * and the old names would be taken then.
 */
function gateProblems(
  { gateTargetArn, environment: last }: LastOutputs,
  { environment, gate }: Pick<Configuration, "environment" | "gate">,
): Problems {
  const before = gateTargetArn?.split(":")[6];
  if (gate === undefined || before === undefined || before === functionNames(environment).gate) return [];
  return [
    {
      key: formatKey(["environment"]),
      value: environment,
      message: `would replace the deployment gate, which is named for ${last ?? "the last environment"}: services have the ARN of ${before} in their hooks`,
      fix: `Set environment to ${last ?? "what it was"}. Or take the gate away first: ecs-image-verification gate detach --all, then an update without the key gate, then both changes (docs/gate.md).`,
    },
  ];
}

function accountProblems({ account: last }: LastOutputs, { account }: Pick<Configuration, "account">): Problems {
  if (last === undefined || last === account) return [];
  return [
    {
      key: "AWS credentials",
      value: account,
      message: `is not the account of this stack, which is ${last}: everything would be made again, and every image that its signing profile signed denied`,
      fix: `Use credentials for ${last}, for instance by the variable AWS_PROFILE. Use a separate stack for another account: docs/rotation.md.`,
    },
  ];
}

function regionProblems({ region: last }: LastOutputs, { region }: Pick<Configuration, "region">): Problems {
  if (last === undefined || last === region) return [];
  return [
    {
      key: "aws:region",
      value: region,
      message: `is not the region of this stack, which is ${last}: its signing profile would be cancelled, and every image that it signed denied`,
      fix: `Run: pulumi config set aws:region ${last}. Use a separate stack for another region: docs/rotation.md.`,
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
  const affected = trustingOnlySelf(statements, last);
  if (affected.length === 0) return [];
  return [
    {
      key: formatKey(["signingProfile", "arn"]),
      value: arn,
      message: `changes "self" to a signing profile other than ${last}: images that ${last} signed would be denied`,
      fix:
        `List ${last} beside self in ${namesIn(affected)} until they are signed again: docs/rotation.md. ` +
        "To end the trust in it at once, write the ARN of the new one in place of self.",
    },
  ];
}

/**
 * The ARN that the stack's own signing profile must go on to have: that of the last deployment. Undefined if none is needed:
 * before the first deployment, for a profile of elsewhere, and where the old one is listed wherever `self` is. Only Pulumi's
 * state can tell whether the profile is still there, so components/signing-profile.ts compares it.
 */
export function expectedProfile(
  { signingProfileArn: last }: LastOutputs,
  { signingProfile: { arn } }: Pick<Configuration, "signingProfile">,
  { statements }: TrustDocument,
): string | undefined {
  if (last === undefined || arn !== undefined) return undefined;
  return trustingOnlySelf(statements, last).length === 0 ? undefined : last;
}

/** The statements that would not trust a profile any more if `self` became another one. */
function trustingOnlySelf(statements: TrustDocument["statements"], profile: string): TrustDocument["statements"] {
  return statements.filter((statement) =>
    listRequirements(statement).some(({ identities }) => identities.includes(self) && !identities.includes(profile)),
  );
}

/** A trusted stack has another signing profile than at the last update, without a change in this configuration. */
function stackProblems(
  { trustedStacks = {} }: LastOutputs,
  configuration: Pick<Configuration, "trust">,
  { statements }: TrustDocument,
  arns: ReadonlyMap<string, string>,
): Problems {
  return stackIdentities(configuration.trust).flatMap(({ text, path, statement: index }): Problems => {
    const last = trustedStacks[text];
    const statement = statements[index];
    const besides = asList(valueAt(configuration, path.slice(0, -1)));
    if (last === undefined || last === arns.get(text) || besides.includes(last)) return [];
    return [
      {
        key: formatKey(path),
        value: text,
        message: `is now the signing profile ${arns.get(text)}, and was ${last}: images that the old one signed would be denied`,
        fix:
          `List ${last} beside ${text} in ${statement?.name} until they are signed again: docs/rotation.md. ` +
          `To end the trust in it at once, write ${arns.get(text)} in place of ${text} for one update.`,
      },
    ];
  });
}

function namesIn(statements: TrustDocument["statements"]): string {
  return statements.map(({ name }) => name).join(", ");
}

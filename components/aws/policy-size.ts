import type { Fault } from "../../trust/text/fixable-error";
import { ComponentError } from "../program-error";
import type { PolicyDocument, PolicyStatement } from "./iam";

/** The most characters that a managed policy may have, without white space (IAM quotas). */
export const POLICY_LIMIT = 6_144;

/** The length of a policy, as IAM counts it. */
export function policySize(policy: PolicyDocument): number {
  return measure(policy);
}

/** Why IAM would refuse a policy as too large, with the parts that can be shorter; undefined if it accepts it. */
export function policyTooLarge({ Version, Statement }: PolicyDocument): string | undefined {
  const size = policySize({ Version, Statement });
  if (size <= POLICY_LIMIT) return undefined;
  const resources = (sid: string) => Statement.find(({ Sid }) => Sid === sid)?.Resource ?? [];
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["repositories of ECR", resources("ReadSignatures")],
    ["secrets for logins", resources("ReadRegistryLogins")],
    ["clusters", Statement.flatMap(listClusters)],
  ];
  return [
    `has ${size} characters; IAM allows ${POLICY_LIMIT}`,
    ...parts.flatMap(([what, arns]) => (arns.length === 0 ? [] : [`${arns.length} ${what} take ${measure(arns)}`])),
  ].join("; ");
}

/** What to do about a policy that is too large. */
export const SHORTER_POLICY =
  "List fewer: one statement for every repository (*) replaces those that trust the same identities, several registries " +
  "may share a secret, and without clusters every cluster is watched.";

/** A policy of the verifier's role is larger than IAM accepts. */
export class PolicyTooLargeError extends ComponentError {
  override readonly name = "PolicyTooLargeError";

  constructor(problem: string) {
    super({ what: `A policy of the verifier's role ${problem}.`, fix: SHORTER_POLICY });
  }

  get fault(): Fault {
    return "input";
  }
}

/**
 * A policy for a role, as JSON. Checked here, because IAM would refuse one that is too large in the middle of an update.
 *
 * @throws {@link PolicyTooLargeError}
 */
export function rolePolicyText(policy: PolicyDocument): string {
  const problem = policyTooLarge(policy);
  if (problem !== undefined) throw new PolicyTooLargeError(problem);
  return JSON.stringify(policy);
}

function listClusters({ Condition }: PolicyStatement): readonly string[] {
  return [Condition?.ArnEquals?.["ecs:cluster"] ?? []].flat();
}

function measure(value: unknown): number {
  return JSON.stringify(value).replaceAll(/\s/g, "").length;
}

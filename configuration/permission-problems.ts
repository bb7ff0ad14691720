import { actingPolicy, type PolicyDocument, readingPolicy } from "../components/aws/iam";
import { policyTooLarge, SHORTER_POLICY } from "../components/aws/policy-size";
import type { ResolvedTrustDocument } from "../trust/expand";
import { LONGEST_ENVIRONMENT, LONGEST_NAME } from "./longest-names";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";
import { watchedClusters } from "./watched-clusters";

/**
 * Checks that the permissions for this configuration fit into the policies of the verifier's role. Always for `enforce`,
 * which needs more than `audit`, and with findings, so that a later change of either does not fail.
 */
export function permissionProblems(
  written: Pick<WrittenConfiguration, "clusters" | "canary" | "eventBus">,
  trust: ResolvedTrustDocument,
): readonly ConfigurationProblem[] {
  const { eventBus } = written;
  const clusters = watchedClusters(written);
  const { partition, region, account } = trust;
  const arn = (service: string, name: string) => `arn:${partition}:${service}:${region}:${account}:${name}`;
  const made = "x".repeat(LONGEST_NAME);
  const permissions = {
    trust,
    mode: "enforce",
    clusters,
    ledgerArn: arn("dynamodb", `table/${made}`),
    eventBusArn: arn("events", `event-bus/${eventBus}`),
    topicArn: arn("sns", made),
    failureQueueArn: arn("sqs", made),
    postponedQueueArn: arn("sqs", made),
    logGroupArn: arn("logs", `log-group:${made}`),
    environment: "x".repeat(LONGEST_ENVIRONMENT),
    ordersTableArn: arn("dynamodb", `table/${made}`),
    ordersKeyArn: arn("kms", `key/${"x".repeat(36)}`),
    findings: true,
  } as const;
  const tooLarge = (key: string, policy: PolicyDocument, written: string): readonly ConfigurationProblem[] => {
    const problem = policyTooLarge(policy);
    if (problem === undefined) return [];
    const message = `make permissions that do not fit the verifier's role: one of its policies ${problem}`;
    return [{ key, value: written, message, fix: SHORTER_POLICY }];
  };
  return [
    ...tooLarge(
      formatKey(["trust", "statements"]),
      readingPolicy(permissions),
      `${trust.statements.length} statements`,
    ),
    ...tooLarge(formatKey(["clusters"]), actingPolicy(permissions), `${clusters?.length ?? 0} clusters`),
  ];
}

import { actingPolicy, type PolicyDocument, readingPolicy } from "../components/aws/iam";
import { policyTooLarge, SHORTER_POLICY } from "../components/aws/policy-size";
import type { ResolvedTrustDocument } from "../trust/expand";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";

/** The most characters in the names of what the stack makes: tables, topics, queues and log groups. */
const LONGEST_NAME = 80;

/**
 * Whether the role of the verifier's function can have what the configuration asks for. Always asked for `enforce`, which
 * needs more than `audit`: the day on which the mode changes is a bad one to find out.
 */
export function permissionProblems(
  { clusters, eventBus }: Pick<WrittenConfiguration, "clusters" | "eventBus">,
  trust: ResolvedTrustDocument,
): readonly ConfigurationProblem[] {
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
  } as const;
  const tooLarge = (key: string, policy: PolicyDocument, written: string): readonly ConfigurationProblem[] => {
    const problem = policyTooLarge(policy);
    if (problem === undefined) return [];
    const message = `make permissions that do not fit the verifier's role: a policy of it ${problem}`;
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

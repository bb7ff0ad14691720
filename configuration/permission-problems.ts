import { verifierPolicy } from "../components/iam";
import { policyTooLarge, SHORTER_POLICY } from "../components/policy-size";
import type { ResolvedTrustDocument } from "../trust/expand";
import { type ConfigurationProblem, keyOf } from "./problem";
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
  const policy = verifierPolicy({
    trust,
    mode: "enforce",
    clusters,
    ledgerArn: arn("dynamodb", `table/${made}`),
    eventBusArn: arn("events", `event-bus/${eventBus}`),
    topicArn: arn("sns", made),
    failureQueueArn: arn("sqs", made),
    postponedQueueArn: arn("sqs", made),
    logGroupArn: arn("logs", `log-group:${made}`),
  });
  const problem = policyTooLarge(policy);
  if (problem === undefined) return [];
  return [
    {
      key: keyOf(["trust", "statements"]),
      value: `${trust.statements.length} statements`,
      message: `make permissions that do not fit the verifier's role: its policy in mode enforce ${problem}`,
      fix: SHORTER_POLICY,
    },
  ];
}

import { launchPattern, PATTERN_LIMIT } from "../../../../components/detector/launch-pattern";
import { Sweep } from "../../../../components/sweep/sweep";
import type { SweepArgs } from "../../../../components/sweep/sweep-args";
import { named, type RunOptions, runProgram } from "../run-program";
import { resolvedTrust } from "../settings";

export const ARGS: SweepArgs = {
  environment: "prod",
  imageUri: "registry/verifier@sha256:1",
  architecture: "arm64",
  trust: resolvedTrust(),
  settingsHash: "c0ffee",
  ledger: { tableName: "ledger", tableArn: "arn:ledger" },
  orders: { tableName: "orders", tableArn: "arn:orders", keyArn: "arn:key" },
  eventBusArn: "arn:bus",
  topicArn: "arn:topic",
};
export const CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/web";
export const COORDINATOR = "arn:aws:lambda:eu-west-1:111122223333:function:ecs-image-verification-sweep-prod";
export const LOG = "arn:aws:logs:eu-west-1:111122223333:log-group:sweep-log";
export const queueArn = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;

/** As many clusters as a configuration may list: as fit the detector's event pattern. */
export function mostClusters(): readonly string[] {
  const clusters: string[] = [];
  const next = () => `${CLUSTER}-${clusters.length}`;
  while (launchPattern([...clusters, next()]).length <= PATTERN_LIMIT) clusters.push(next());
  return clusters;
}

export function run(changes: Partial<SweepArgs> = {}, options?: RunOptions) {
  return runProgram(() => {
    const { functionName, workerFunctionName, logGroupName, queueName, deadLetterQueueName } = new Sweep("sweep", {
      ...ARGS,
      ...changes,
    });
    return { functionName, workerFunctionName, logGroupName, queueName, deadLetterQueueName };
  }, options);
}

type Run = Awaited<ReturnType<typeof run>>;

export const variablesOf = (result: Run, name: string) =>
  (named(result, name).inputs.environment as { variables: Readonly<Record<string, string>> }).variables;

export const policyOf = (
  result: Run,
  name: string,
): { readonly Statement: readonly { readonly Sid: string; readonly Resource?: readonly string[] }[] } =>
  JSON.parse(String(named(result, name).inputs.policy));

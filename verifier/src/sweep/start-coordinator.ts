import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AWS_CALLS } from "../aws-calls";
import { listClusters } from "../ecs/clusters";
import { taskDefinitionContainers } from "../ecs/task-definitions";
import { METRIC_NAMESPACE } from "../reporting/public-names";
import { readSettings } from "../settings";
import { assembleSweep } from "./assemble";
import type { SweepCoordinator } from "./coordinator";
import { readSweepEnvironment } from "./environment";
import { LISTING_CALLS } from "./list-running";
import { createPace } from "./pace";
import { sendImages } from "./queue";
import { sweepRequest } from "./request";

/**
 * Calls in a second that read tasks: half of what ECS allows an account in a region for long (ECS API reference, "Request
 * throttling": 20 calls a second of DescribeTasks and such), so that other programs can read them as well.
 */
const ECS_CALLS_PER_SECOND = 10;

export interface StartedCoordinator {
  readonly coordinator: SweepCoordinator;
  /** Writes the metrics collected so far. */
  readonly publish: () => void;
}

/**
 * Starts the coordinator of the sweep. It judges nothing.
 *
 * @param folder holds `settings.json`.
 * @throws SettingsError that names what is wrong.
 */
export function startCoordinator(env: NodeJS.ProcessEnv, folder: string): StartedCoordinator {
  const settings = readSettings(join(folder, "settings.json"));
  const environment = readSweepEnvironment(env);
  const { queueUrl, watchedClusters, functionName } = environment;
  const serviceName = "ecs-image-verification";
  const defaultDimensions = { environment: settings.environment };
  const logger = new Logger({ serviceName, persistentKeys: defaultDimensions });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName, defaultDimensions });
  const ecs = new ECSClient(LISTING_CALLS);
  const [sqs, lambda] = [new SQSClient(AWS_CALLS), new LambdaClient(AWS_CALLS)];
  const clients = {
    dynamodb: new DynamoDBClient(AWS_CALLS),
    events: new EventBridgeClient(AWS_CALLS),
    sns: new SNSClient(AWS_CALLS),
    securityHub: environment.findings ? new SecurityHubClient(AWS_CALLS) : undefined,
  };
  const { runs, finisher, readLastSummary } = assembleSweep({
    settings,
    environment,
    clients,
    logger,
    metrics,
    now: Date.now,
  });
  const coordinator: SweepCoordinator = {
    ecs,
    pace: createPace({ now: () => performance.now(), pause: sleep, perSecond: ECS_CALLS_PER_SECOND }),
    subjects: { containerNames: taskDefinitionContainers({ client: ecs }) },
    runs,
    listClusters: async () => watchedClusters ?? listClusters(ecs),
    readLastSummary,
    canary: environment.canary,
    sendImages: (run, keys) => sendImages(sqs, queueUrl, run, keys),
    async goOnLater(run) {
      await lambda.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: "Event",
          Payload: Buffer.from(JSON.stringify(sweepRequest(run))),
        }),
      );
    },
    finisher,
    log: {
      info: (message, details) => logger.info(message, { details }),
      error: (message, error) =>
        error instanceof Error ? logger.error(message, error) : logger.error(message, { reason: String(error) }),
    },
    now: Date.now,
  };
  return { coordinator, publish: () => metrics.publishStoredMetrics() };
}

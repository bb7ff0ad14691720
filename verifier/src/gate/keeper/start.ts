import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { AWS_CALLS, LEDGER_CALLS } from "../../aws-calls";
import { LAUNCH_LIMIT_MS, ORDER_CALLS, startOpenings } from "../../orders/start";
import { createLedger } from "../../reporting/ledger";
import { refuseWithoutLedger } from "../../reporting/ledger/unavailable";
import { METRIC_NAMESPACE } from "../../reporting/public-names";
import { createChangeHooks } from "../attachment/change-hooks";
import { readKeeperEnvironment } from "./environment";
import { findRemovers } from "./find-removers";
import { readGateState } from "./gate-state";
import type { Keeper } from "./keeper";
import { createKeeperMemory } from "./memory";
import { createKeeperMetrics } from "./metrics";

/**
 * How long the keeper remembers where the gate was attached, in days: as long as a service may live. What it forgot it
 * would attach again where somebody had taken it away.
 */
const MEMORY_DAYS = 3650;

export interface StartedKeeper {
  readonly keeper: Keeper;
  /** Writes the metrics collected so far. */
  readonly publish: () => void;
}

/**
 * Starts the keeper. It needs neither settings nor a trust document: it judges nothing.
 *
 * @throws SettingsError that names what is wrong with the environment variables.
 */
export function startKeeper(env: NodeJS.ProcessEnv): StartedKeeper {
  const environment = readKeeperEnvironment(env);
  const { targetArn, ledgerTable, topicArn } = environment;
  const serviceName = "ecs-image-verification";
  const defaultDimensions = { environment: environment.environment };
  const logger = new Logger({ serviceName, persistentKeys: defaultDimensions });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName, defaultDimensions });
  const [ecs, lambda, sns] = [new ECSClient(AWS_CALLS), new LambdaClient(AWS_CALLS), new SNSClient(AWS_CALLS)];
  const [cloudtrail, dynamodb] = [new CloudTrailClient(AWS_CALLS), new DynamoDBClient(LEDGER_CALLS)];
  const time = { now: Date.now, pause: sleep };
  const warn = (reason: string) => logger.warn("Openings of the gate", { reason });
  const findOpening = startOpenings({
    dynamodb: new DynamoDBClient(ORDER_CALLS),
    kms: new KMSClient(ORDER_CALLS),
    table: environment.ordersTable,
    keyArn: environment.ordersKeyArn,
    environment: environment.environment,
    openHours: environment.openHours,
    limitMs: LAUNCH_LIMIT_MS,
    now: Date.now,
    // The gate itself counts them, when it looks for openings on its way to a refusal.
    onRefused: warn,
    onUnavailable: warn,
  });
  const keeper: Keeper = {
    environment,
    ecs,
    changeHooks: createChangeHooks({ ecs, ...time }),
    memory: createKeeperMemory({
      ledger: createLedger({
        client: dynamodb,
        table: ledgerTable,
        ...time,
        days: MEMORY_DAYS,
        onUnavailable: refuseWithoutLedger,
      }),
      targetArn,
      now: Date.now,
    }),
    isOpen: async (serviceArn) => (await findOpening(serviceArn)) !== undefined,
    readGateState: () => readGateState(lambda, targetArn),
    findRemovers: (services) => findRemovers({ cloudtrail, targetArn, ...time }, services),
    async announce({ subject, text }) {
      // Without the attribute `status`, as alarms: components/notifications/subscriptions.ts.
      await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text }));
    },
    metrics: createKeeperMetrics(metrics),
    log: {
      info: (message, details) => logger.info(message, { details }),
      error: (message, error) =>
        error instanceof Error ? logger.error(message, error) : logger.error(message, { reason: String(error) }),
    },
  };
  return { keeper, publish: () => metrics.publishStoredMetrics() };
}

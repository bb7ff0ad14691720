import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { AWS_CALLS, LEDGER_CALLS } from "../aws-calls";
import { createLedger } from "../reporting/ledger";
import { METRIC_NAMESPACE } from "../reporting/public-names";
import { readCanaryEnvironment } from "./environment";
import { createCanaryMetrics } from "./metrics";
import type { Canary } from "./run-canary";

export interface StartedCanary {
  readonly canary: Canary;
  /** Writes the metrics collected so far. */
  readonly publish: () => void;
}

/**
 * Starts the canary. It needs neither settings nor a trust document: it judges nothing.
 *
 * @throws SettingsError that names what is wrong with the environment variables.
 */
export function startCanary(env: NodeJS.ProcessEnv): StartedCanary {
  const environment = readCanaryEnvironment(env);
  const serviceName = "ecs-image-verification";
  const defaultDimensions = { environment: environment.environment };
  const logger = new Logger({ serviceName, persistentKeys: defaultDimensions });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName, defaultDimensions });
  const time = { now: Date.now, pause: sleep };
  const canary: Canary = {
    environment,
    ecs: new ECSClient(AWS_CALLS),
    ledger: createLedger({
      client: new DynamoDBClient(LEDGER_CALLS),
      table: environment.ledgerTable,
      ...time,
      // Of what it writes, which is nothing.
      days: 1,
      onUnavailable: (reason) => logger.warn("The ledger could not be reached", { reason }),
    }),
    metrics: createCanaryMetrics(metrics),
    log: {
      info: (message, details) => logger.info(message, { details }),
      error: (message, details) => logger.error(message, { details }),
    },
    ...time,
  };
  return { canary, publish: () => metrics.publishStoredMetrics() };
}

import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { SNSClient } from "@aws-sdk/client-sns";
import {
  checkRunningSettings,
  type DeploymentCheckRequest,
  type DeploymentCheckResult,
} from "../detector/deployment-check";
import { startOpenings, startOrders } from "../orders/start";
import { createLog, startVerifier, watchDependencies } from "../reporting/start-verifier";
import { readSharedResources } from "../settings";
import { hashSettings } from "../settings-hash";
import { assembleGate } from "./assemble";
import type { GateEnvironment } from "./environment";
import type { Gate } from "./gate";
import { createGateMetrics } from "./metrics";

/** How AWS is asked: an answer has little time, and ECS asks again. */
const GATE_CALLS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 700, requestTimeout: 1200, throwOnRequestTimeout: true },
} as const;

/** The ledger and the orders are asked beside or after a verification; without them the gate answers all the same. */
const SHORT_CALLS = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 500, requestTimeout: 700, throwOnRequestTimeout: true },
} as const;

/** The time for the table of orders and for each proof, in milliseconds. */
const ORDER_LIMIT_MS = 700;

export interface StartedGate {
  readonly gate: Gate;
  /** Rejects if the function does not run with these settings. */
  readonly checkDeployment: (asked: DeploymentCheckRequest) => DeploymentCheckResult;
  /** Writes the metrics collected so far. */
  readonly publish: () => void;
}

/**
 * Starts the deployment gate.
 *
 * @param folder holds `settings.json`, `notation-verifier`, `config/` and the Signer plugin.
 * @throws SettingsError that names what is wrong.
 */
export function startGate(env: NodeJS.ProcessEnv, folder: string, environment: GateEnvironment): StartedGate {
  const { settings, notation, credentialsFor, askManagedSigning, logger, metrics } = startVerifier(env, folder);
  const resources = readSharedResources(env);
  const gateMetrics = createGateMetrics(metrics);
  const watch = watchDependencies(logger, gateMetrics);
  const dynamodb = new DynamoDBClient(SHORT_CALLS);
  const orderSource = {
    dynamodb,
    kms: new KMSClient(SHORT_CALLS),
    table: resources.ORDERS_TABLE,
    keyArn: resources.ORDERS_KEY_ARN,
    environment: settings.environment,
    limitMs: ORDER_LIMIT_MS,
    now: Date.now,
    ...watch.orders,
  };
  const gate = assembleGate({
    settings,
    environment,
    resources,
    notation,
    credentialsFor,
    askManagedSigning,
    orders: startOrders({ ...orderSource, exemptionHours: settings.exemptionHours }),
    findOpening: startOpenings({ ...orderSource, openHours: environment.openHours }),
    clients: {
      ecs: new ECSClient(GATE_CALLS),
      dynamodb,
      events: new EventBridgeClient(GATE_CALLS),
      sns: new SNSClient(GATE_CALLS),
    },
    metrics: gateMetrics,
    log: createLog(logger),
    gateLog: { warn: (message, details) => logger.warn(message, { details }) },
    onLedgerUnavailable: watch.onLedgerUnavailable,
    now: Date.now,
    pause: sleep,
  });
  return {
    gate,
    checkDeployment({ settings: deployed }) {
      checkRunningSettings(hashSettings(settings), deployed);
      // So that the alarm on missing heartbeats, which is made after this check, does not begin with an alarm.
      gateMetrics.heartbeat();
      // Which repositories can be read is found out by the function that judges launches: both have the same permissions.
      return { warnings: [] };
    },
    publish: () => metrics.publishStoredMetrics(),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AWS_CALLS, LEDGER_CALLS } from "../aws-calls";
import type { Notation } from "../notation/serve";
import { startOrdersOf } from "../orders/start";
import { createLaunchMetrics } from "../reporting/metrics";
import { tellEndedOrders } from "../reporting/order-use";
import { createLog, startVerifier, watchDependencies } from "../reporting/start-verifier";
import { readResources } from "../settings";
import { hashSettings } from "../settings-hash";
import { checkRepositories } from "../verification/registry/check-repositories";
import { assembleDetector } from "./assemble";
import { checkRunningSettings, type DeploymentCheckRequest, type DeploymentCheckResult } from "./deployment-check";
import type { LaunchDetector } from "./detector";

export interface StartedDetector {
  readonly detector: LaunchDetector;
  readonly notation: Notation;
  /** Tells a deployment whether the function runs it, and which repositories cannot be read. Rejects if it does not. */
  readonly checkDeployment: (
    asked: DeploymentCheckRequest,
    remainingMs: () => number,
  ) => Promise<DeploymentCheckResult>;
  /** Tells people of break-glass exemptions that have ended. Never rejects: the next call tries again. */
  readonly checkOrders: () => Promise<void>;
  /** Sends the findings that Security Hub does not have yet. Never rejects: the next call tries again. */
  readonly sendFindings: (remainingMs: () => number) => Promise<void>;
  /** Writes the metrics collected so far. */
  readonly publish: () => void;
}

/**
 * Starts the launch detector: settings, the notation process, AWS clients.
 *
 * @param folder holds `settings.json`, `notation-verifier`, `config/` and the Signer plugin.
 * @throws SettingsError that names what is wrong.
 */
export function startDetector(env: NodeJS.ProcessEnv, folder: string): StartedDetector {
  const { settings, notation, credentialsFor, askManagedSigning, logger, metrics } = startVerifier(env, folder);
  const resources = readResources(env);
  const launchMetrics = createLaunchMetrics(metrics);
  const watch = watchDependencies(logger, launchMetrics);
  const orders = startOrdersOf({ resources, settings, now: Date.now, ...watch.orders });
  const detector = assembleDetector({
    settings,
    resources,
    notation,
    credentialsFor,
    orders,
    askManagedSigning,
    clients: {
      ecs: new ECSClient(AWS_CALLS),
      dynamodb: new DynamoDBClient(LEDGER_CALLS),
      events: new EventBridgeClient(AWS_CALLS),
      sns: new SNSClient(AWS_CALLS),
      sqs: new SQSClient(AWS_CALLS),
      securityHub: resources.FINDINGS === "true" ? new SecurityHubClient(AWS_CALLS) : undefined,
    },
    metrics: launchMetrics,
    log: createLog(logger),
    onLedgerUnavailable: watch.onLedgerUnavailable,
    now: Date.now,
    pause: sleep,
  });
  const { trust, verificationTimeoutSeconds } = settings;
  const checking = { trust, notation, credentialsFor, now: Date.now, pause: sleep };
  return {
    detector,
    notation,
    async checkDeployment(asked, remainingMs) {
      checkRunningSettings(hashSettings(settings), asked.settings);
      const timeoutMs = verificationTimeoutSeconds * 1000;
      return { warnings: await checkRepositories({ ...checking, timeoutMs, remainingMs }) };
    },
    // Half of the time: the last call is answered and noted within the other half.
    sendFindings: async (remainingMs) => void (await detector.findings?.flush(remainingMs() / 2)),
    checkOrders: async () => void (await tellEndedOrders(detector, orders)),
    publish: () => metrics.publishStoredMetrics(),
  };
}

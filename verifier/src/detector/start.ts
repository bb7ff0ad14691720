import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { allowedEnvironment, LAMBDA_VARIABLES } from "../notation/environment";
import { type Notation, startNotation } from "../notation/serve";
import { LAUNCH_LIMIT_MS, ORDER_CALLS, startOrders } from "../orders/start";
import { createLaunchMetrics, METRIC_NAMESPACE } from "../reporting/metrics";
import { tellEndedOrders } from "../reporting/order-use";
import type { VerdictLog } from "../reporting/reporter";
import { readResources, readSettings } from "../settings";
import { hashSettings } from "../settings-hash";
import { checkRepositories } from "../verification/registry/check-repositories";
import { clientsByRegion } from "../verification/registry/clients-by-region";
import { ecrClients } from "../verification/registry/ecr-clients";
import { askManagedSigning } from "../verification/registry/managed-signing";
import { registryCredentials } from "../verification/registry/registry-credentials";
import { assembleDetector } from "./assemble";
import { AWS_CALLS, LEDGER_CALLS } from "./aws-calls";
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
  const settings = readSettings(join(folder, "settings.json"));
  const resources = readResources(env);
  const logger = new Logger({
    serviceName: "ecs-image-verification",
    persistentKeys: { environment: settings.environment },
  });
  const metrics = new Metrics({
    namespace: METRIC_NAMESPACE,
    serviceName: "ecs-image-verification",
    defaultDimensions: { environment: settings.environment },
  });
  const launchMetrics = createLaunchMetrics(metrics);
  const notation = startNotation({
    executable: join(folder, "notation-verifier"),
    config: join(folder, "config"),
    plugin: join(folder, "signer-plugin"),
    // The region of the trust document: revocation is checked in the environment's region.
    environment: { ...allowedEnvironment(env, LAMBDA_VARIABLES), AWS_REGION: settings.trust.region },
  });
  const ecr = ecrClients(AWS_CALLS);
  const credentialsFor = registryCredentials({
    trust: settings.trust,
    ecr,
    secrets: clientsByRegion((region) => new SecretsManagerClient({ ...AWS_CALLS, region })),
    now: Date.now,
  });
  const orders = startOrders({
    dynamodb: new DynamoDBClient(ORDER_CALLS),
    kms: new KMSClient(ORDER_CALLS),
    table: resources.ORDERS_TABLE,
    keyArn: resources.ORDERS_KEY_ARN,
    environment: settings.environment,
    exemptionHours: settings.exemptionHours,
    limitMs: LAUNCH_LIMIT_MS,
    now: Date.now,
    onRefused: (reason) => {
      launchMetrics.orderRefused();
      logger.warn("An order of the moment was refused", { reason });
    },
    onUnavailable: (reason) => {
      launchMetrics.ordersUnavailable();
      logger.warn("The orders of the moment could not be reached", { reason });
    },
  });
  const detector = assembleDetector({
    settings,
    resources,
    notation,
    credentialsFor,
    orders,
    askManagedSigning: askManagedSigning(ecr),
    clients: {
      ecs: new ECSClient(AWS_CALLS),
      dynamodb: new DynamoDBClient(LEDGER_CALLS),
      events: new EventBridgeClient(AWS_CALLS),
      sns: new SNSClient(AWS_CALLS),
      sqs: new SQSClient(AWS_CALLS),
    },
    metrics: launchMetrics,
    log: createLog(logger),
    onLedgerUnavailable: (reason) => {
      launchMetrics.ledgerUnavailable();
      logger.warn("The ledger could not be reached", { reason });
    },
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
    checkOrders: async () => void (await tellEndedOrders(detector, orders)),
    publish: () => metrics.publishStoredMetrics(),
  };
}

/** The log on standard output. */
export function createLog(logger: Logger): VerdictLog {
  return {
    verdict: (record) => logger.info("Image Verdict", { verdict: record }),
    order: (news) => logger.info("Image Order", { order: news }),
    failure: (what, error) => logger.error(what, error),
  };
}

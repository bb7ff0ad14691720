import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SNSClient } from "@aws-sdk/client-sns";
import { AWS_CALLS } from "../aws-calls";
import {
  checkRunningSettings,
  type DeploymentCheckRequest,
  type DeploymentCheckResult,
} from "../detector/deployment-check";
import { createResponder } from "../detector/respond";
import { taskDefinitionContainers } from "../ecs/task-definitions";
import { LAUNCH_LIMIT_MS, ORDER_CALLS, startOrders } from "../orders/start";
import { assembleJudge } from "../reporting/assemble-judge";
import { sharedMetrics } from "../reporting/metrics";
import { createLog, startVerifier, watchDependencies } from "../reporting/start-verifier";
import { hashSettings } from "../settings-hash";
import { checkRepositories } from "../verification/registry/check-repositories";
import { readSweepEnvironment } from "./environment";
import { LISTING_CALLS } from "./list-running";
import { createPace } from "./pace";
import { paceJudge, WORKER_CALLS_PER_SECOND } from "./signer-pace";
import { assembleSweep } from "./start-sweep";
import type { SweepWorker } from "./worker";

export interface StartedWorker {
  readonly worker: SweepWorker;
  /** Tells a deployment whether the function runs it, and which repositories cannot be read. Rejects if it does not. */
  readonly checkDeployment: (
    asked: DeploymentCheckRequest,
    remainingMs: () => number,
  ) => Promise<DeploymentCheckResult>;
  /** Writes the metrics collected so far. */
  readonly publish: () => void;
}

/**
 * Starts a worker of the sweep: settings, the notation process, AWS clients.
 *
 * @param folder holds `settings.json`, `notation-verifier`, `config/` and the Signer plugin.
 * @throws SettingsError that names what is wrong.
 */
export function startWorker(env: NodeJS.ProcessEnv, folder: string): StartedWorker {
  const { settings, notation, credentialsFor, askManagedSigning, logger, metrics } = startVerifier(env, folder);
  const environment = readSweepEnvironment(env);
  const { resources, mode } = environment;
  const counted = sharedMetrics(metrics);
  const watch = watchDependencies(logger, counted);
  const [now, pause] = [Date.now, sleep];
  const clients = {
    dynamodb: new DynamoDBClient(AWS_CALLS),
    events: new EventBridgeClient(AWS_CALLS),
    sns: new SNSClient(AWS_CALLS),
    securityHub: environment.findings ? new SecurityHubClient(AWS_CALLS) : undefined,
  };
  const { ledger, runs, delivery, finisher } = assembleSweep({ settings, environment, clients, logger, metrics, now });
  const orders = startOrders({
    dynamodb: new DynamoDBClient(ORDER_CALLS),
    kms: new KMSClient(ORDER_CALLS),
    table: resources.ORDERS_TABLE,
    keyArn: resources.ORDERS_KEY_ARN,
    environment: settings.environment,
    exemptionHours: settings.exemptionHours,
    limitMs: LAUNCH_LIMIT_MS,
    now,
    ...watch.orders,
  });
  const judge = assembleJudge({
    settings,
    ledger,
    notation,
    credentialsFor,
    askManagedSigning,
    orders,
    now,
    deadlineMs: settings.verificationTimeoutSeconds * 1000,
  });
  const listing = new ECSClient(LISTING_CALLS);
  const worker: SweepWorker = {
    settings,
    mode,
    logGroup: resources.AWS_LAMBDA_LOG_GROUP_NAME,
    runbookUrl: resources.RUNBOOK_URL,
    ecs: listing,
    subjects: { containerNames: taskDefinitionContainers({ client: listing }) },
    runs,
    judge: paceJudge(judge, createPace({ now: () => performance.now(), pause, perSecond: WORKER_CALLS_PER_SECOND })),
    respond: createResponder({
      ecs: new ECSClient(AWS_CALLS),
      ledger,
      settings: { mode: "enforce", stopBudget: settings.stopBudget },
      now,
    }),
    ledger,
    delivery,
    // What runs is counted as a whole when the sweep ends.
    metrics: { verdict() {}, deliveryFailed: counted.deliveryFailed },
    log: createLog(logger),
    finisher,
    now,
    pause,
  };
  const { trust, verificationTimeoutSeconds } = settings;
  return {
    worker,
    async checkDeployment(asked, remainingMs) {
      checkRunningSettings(hashSettings(settings), asked.settings);
      const timeoutMs = verificationTimeoutSeconds * 1000;
      return {
        warnings: await checkRepositories({ trust, notation, credentialsFor, now, pause, timeoutMs, remainingMs }),
      };
    },
    publish: () => metrics.publishStoredMetrics(),
  };
}

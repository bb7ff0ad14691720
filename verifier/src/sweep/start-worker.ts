import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SNSClient } from "@aws-sdk/client-sns";
import { AWS_CALLS } from "../aws-calls";
import {
  checkRunningSettings,
  type DeploymentCheckRequest,
  type DeploymentCheckResult,
} from "../detector/deployment-check";
import { startOrdersOf } from "../orders/start";
import { sharedMetrics } from "../reporting/metrics";
import { createLog, startVerifier, watchDependencies } from "../reporting/start-verifier";
import { hashSettings } from "../settings-hash";
import { checkRepositories } from "../verification/registry/check-repositories";
import { assembleSweep } from "./assemble";
import { assembleWorker } from "./assemble-worker";
import { readSweepEnvironment } from "./environment";
import { LISTING_CALLS } from "./list-running";
import { createPace } from "./pace";
import { WORKER_CALLS_PER_SECOND } from "./signer-pace";
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
  const { resources } = environment;
  const counted = sharedMetrics(metrics);
  const watch = watchDependencies(logger, counted);
  const [now, pause] = [Date.now, sleep];
  const clients = {
    dynamodb: new DynamoDBClient(AWS_CALLS),
    events: new EventBridgeClient(AWS_CALLS),
    sns: new SNSClient(AWS_CALLS),
    securityHub: environment.findings ? new SecurityHubClient(AWS_CALLS) : undefined,
  };
  const assembled = assembleSweep({ settings, environment, clients, logger, metrics, now });
  const orders = startOrdersOf({ resources, settings, now, ...watch.orders });
  const worker = assembleWorker({
    settings,
    environment,
    assembled,
    notation,
    credentialsFor,
    askManagedSigning,
    orders,
    clients: { listing: new ECSClient(LISTING_CALLS), ecs: new ECSClient(AWS_CALLS) },
    pace: createPace({ now: () => performance.now(), pause, perSecond: WORKER_CALLS_PER_SECOND }),
    deliveryFailed: counted.deliveryFailed,
    log: createLog(logger),
    now,
    pause,
  });
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

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { ecrRegistries } from "../../../trust/derive";
import { taskDefinitionContainers } from "../ecs/task-definitions";
import { createJudge } from "../judge";
import { allowedEnvironment, LAMBDA_VARIABLES } from "../notation/environment";
import { type Notation, startNotation } from "../notation/process";
import { ecrCredentials } from "../registry/ecr-credentials";
import { readResources, readSettings } from "../settings";
import { verdictCache } from "../verdict-cache";
import { AWS_CALLS, LEDGER_CALLS } from "./aws-calls";
import { createDelivery } from "./delivery";
import type { LaunchDetector, LaunchLog } from "./handle";
import { createLedger } from "./ledger";
import { createLaunchMetrics, METRIC_NAMESPACE } from "./metrics";
import { createResponder } from "./respond";

/** The most verdicts kept in memory. */
const CACHED_VERDICTS = 10_000;

export interface StartedDetector {
  readonly detector: LaunchDetector;
  readonly notation: Notation;
  /** Writes the metrics collected so far. */
  readonly publish: () => void;
}

/**
 * Starts the launch detector: settings, the notation process, AWS clients.
 *
 * @param folder holds `settings.json`, `notation-verifier`, `config/` and the Signer plugin.
 * @throws SettingsError that names what is wrong.
 */
export function startDetector(environment: NodeJS.ProcessEnv, folder: string): StartedDetector {
  const settings = readSettings(join(folder, "settings.json"));
  const resources = readResources(environment);
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
    // The region is the trust document's: revocation is asked where the environment is.
    environment: { ...allowedEnvironment(environment, LAMBDA_VARIABLES), AWS_REGION: settings.trust.region },
  });
  const ecs = new ECSClient(AWS_CALLS);
  const ledger = createLedger({
    client: new DynamoDBClient(LEDGER_CALLS),
    table: resources.LEDGER_TABLE,
    now: Date.now,
    days: settings.ledgerDays,
    onUnavailable: (reason) => {
      launchMetrics.ledgerUnavailable();
      logger.warn("The ledger could not be reached", { reason });
    },
  });
  const judge = createJudge({
    trust: settings.trust,
    notation,
    credentialsFor: ecrCredentials({
      registries: ecrRegistries(settings.trust).map(({ host }) => host),
      clientFor: (region) => new ECRClient({ ...AWS_CALLS, region }),
      now: Date.now,
    }),
    cache: verdictCache({ trustedTtlMs: settings.verdictTtlSeconds * 1000, max: CACHED_VERDICTS, now: Date.now }),
    now: Date.now,
    deadlineMs: settings.verificationTimeoutSeconds * 1000,
    maxSignatures: settings.maxSignatures,
  });
  const detector: LaunchDetector = {
    settings,
    judge,
    subjects: { containerNames: taskDefinitionContainers({ client: ecs }) },
    respond: createResponder({ ecs, ledger, settings }),
    ledger,
    delivery: createDelivery({ events: new EventBridgeClient(AWS_CALLS), sns: new SNSClient(AWS_CALLS), resources }),
    metrics: launchMetrics,
    log: createLog(logger),
    now: Date.now,
    pause: sleep,
  };
  return { detector, notation, publish: () => metrics.publishStoredMetrics() };
}

function createLog(logger: Logger): LaunchLog {
  return {
    verdict: (record) => logger.info("Image Verdict", { verdict: record }),
    failure: (what, error) => logger.error(what, error),
  };
}

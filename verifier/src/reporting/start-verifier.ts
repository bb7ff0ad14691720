import { join } from "node:path";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AWS_CALLS } from "../aws-calls";
import type { Settings } from "../baked-settings";
import { allowedEnvironment, LAMBDA_VARIABLES } from "../notation/environment";
import { type Notation, startNotation } from "../notation/serve";
import { readSettings } from "../settings";
import { clientsByRegion } from "../verification/registry/clients-by-region";
import { ecrClients } from "../verification/registry/ecr-clients";
import type { CredentialsFor } from "../verification/registry/ecr-credentials";
import { type AskManagedSigning, askManagedSigning } from "../verification/registry/managed-signing";
import { registryCredentials } from "../verification/registry/registry-credentials";
import type { DependencyMetrics } from "./metrics";
import { METRIC_NAMESPACE } from "./public-names";
import type { VerdictRecord } from "./record-schema";
import type { VerdictLog } from "./reporter";

/** What every function that judges images starts with. */
export interface StartedVerifier {
  readonly settings: Settings;
  readonly notation: Notation;
  readonly credentialsFor: CredentialsFor;
  readonly askManagedSigning: AskManagedSigning;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Starts what judges images: settings, the notation process, the registries' logins, log and metrics.
 *
 * @param folder holds `settings.json`, `notation-verifier`, `config/` and the Signer plugin.
 * @throws SettingsError that names what is wrong.
 */
export function startVerifier(env: NodeJS.ProcessEnv, folder: string): StartedVerifier {
  const settings = readSettings(join(folder, "settings.json"));
  const serviceName = "ecs-image-verification";
  const { environment, trust } = settings;
  const ecr = ecrClients(AWS_CALLS);
  return {
    settings,
    notation: startNotation({
      executable: join(folder, "notation-verifier"),
      config: join(folder, "config"),
      plugin: join(folder, "signer-plugin"),
      // The region of the trust document: revocation is checked in the environment's region.
      environment: { ...allowedEnvironment(env, LAMBDA_VARIABLES), AWS_REGION: trust.region },
    }),
    credentialsFor: registryCredentials({
      trust,
      ecr,
      secrets: clientsByRegion((region) => new SecretsManagerClient({ ...AWS_CALLS, region })),
      now: Date.now,
    }),
    askManagedSigning: askManagedSigning(ecr),
    logger: new Logger({ serviceName, persistentKeys: { environment } }),
    metrics: new Metrics({ namespace: METRIC_NAMESPACE, serviceName, defaultDimensions: { environment } }),
  };
}

/** The log on standard output. */
export function createLog(logger: Logger): VerdictLog {
  return {
    verdict: (record) => logger.info("Image Verdict", { verdict: record, ...ageOf(record) }),
    order: (news) => logger.info("Image Order", { order: news }),
    failure: (what, error) => logger.error(what, error),
  };
}

/**
 * The time from the creation of the task to the record, in milliseconds. CloudWatch Logs Insights cannot subtract the record's
 * times, which are texts.
 */
function ageOf({ taskCreatedAt, judgedAt }: VerdictRecord): { readonly sinceCreationMs?: number } {
  return taskCreatedAt === undefined ? {} : { sinceCreationMs: Date.parse(judgedAt) - Date.parse(taskCreatedAt) };
}

/** What is counted and logged when the orders or the ledger fail. */
export function watchDependencies(logger: Logger, metrics: DependencyMetrics) {
  return {
    orders: {
      onRefused(reason: string): void {
        metrics.orderRefused();
        logger.warn("An order of the moment was refused", { reason });
      },
      onUnavailable(reason: string): void {
        metrics.ordersUnavailable();
        logger.warn("The orders of the moment could not be reached", { reason });
      },
    },
    onLedgerUnavailable(reason: string): void {
      metrics.ledgerUnavailable();
      logger.warn("The ledger could not be reached", { reason });
    },
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@aws-lambda-powertools/logger";
import type { Metrics } from "@aws-lambda-powertools/metrics";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SecurityHubClient } from "@aws-sdk/client-securityhub";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { Settings } from "../baked-settings";
import { createFindingTable } from "../findings/finding-table";
import { createFindings } from "../findings/findings";
import { createDelivery, type Delivery } from "../reporting/delivery";
import { createLedger, type Ledger } from "../reporting/ledger";
import { ledgerTable } from "../reporting/ledger/table";
import { refuseWithoutLedger } from "../reporting/ledger/unavailable";
import { findingMetrics } from "../reporting/metrics";
import type { SweepEnvironment } from "./environment";
import type { Finisher } from "./finish-sweep";
import { createSweepMetrics } from "./metrics";
import { reconcileFindings } from "./reconcile-findings";
import { createRunStore, type RunStore } from "./run-store";
import { readSweeps, readSweptImages } from "./sweep-store";
import type { SweepSummary } from "./sweep-summary";

/** What both functions of a sweep need. */
export interface SweepParts {
  readonly settings: Pick<Settings, "environment" | "mode" | "ledgerDays" | "trust">;
  readonly environment: SweepEnvironment;
  readonly clients: {
    readonly dynamodb: DynamoDBClient;
    readonly events: EventBridgeClient;
    readonly sns: SNSClient;
    /** Undefined: the environment makes no findings. */
    readonly securityHub?: SecurityHubClient | undefined;
  };
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** What both functions of a sweep have. */
export interface AssembledSweep {
  readonly ledger: Ledger;
  readonly runs: RunStore;
  readonly delivery: Delivery;
  readonly finisher: Finisher;
  readonly readLastSummary: () => Promise<SweepSummary | undefined>;
}

/**
 * Puts together what both functions of a sweep have. A sweep that cannot reach the ledger does not know what was before, so that
 * it could tell everything again, or stop what was trusted: its calls fail, and are tried again.
 */
export function assembleSweep({ settings, environment, clients, logger, metrics, now }: SweepParts): AssembledSweep {
  const { resources } = environment;
  const options = {
    client: clients.dynamodb,
    table: resources.LEDGER_TABLE,
    now,
    pause: sleep,
    days: settings.ledgerDays,
    onUnavailable: refuseWithoutLedger,
  };
  const ledger = createLedger(options);
  const runs = createRunStore(ledgerTable(options), sleep);
  const delivery = createDelivery({ events: clients.events, sns: clients.sns, resources });
  const { securityHub } = clients;
  const onUnavailable = (reason: string) => logger.warn("The ledger could not be reached", { reason });
  const findings =
    securityHub &&
    createFindings({
      context: { ...settings, runbookUrl: resources.RUNBOOK_URL },
      client: securityHub,
      // What cannot be kept now is made by the next sweep.
      table: createFindingTable(ledgerTable({ ...options, onUnavailable })),
      ledger,
      delivery,
      log: { failure: (what, error) => logger.error(what, error) },
      now,
      onUnsent: findingMetrics(metrics).findingsUnsent,
    });
  const table = { client: clients.dynamodb, name: resources.LEDGER_TABLE };
  const finisher: Finisher = {
    environment: settings.environment,
    ledger,
    runs,
    readImages: (run) => readSweptImages(table, { run }),
    delivery,
    metrics: createSweepMetrics(metrics),
    log: (summary) => logger.info("Sweep", { sweep: summary }),
    reconcile: findings && ((images, reading) => reconcileFindings(findings, images, reading)),
    watchesAll: environment.watchedClusters === undefined,
    now,
  };
  return { ledger, runs, delivery, finisher, readLastSummary: async () => (await readSweeps(table, 1))[0] };
}

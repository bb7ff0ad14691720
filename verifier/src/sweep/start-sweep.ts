import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@aws-lambda-powertools/logger";
import type { Metrics } from "@aws-lambda-powertools/metrics";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SNSClient } from "@aws-sdk/client-sns";
import { createDelivery } from "../reporting/delivery";
import { createLedger } from "../reporting/ledger";
import { ledgerTable } from "../reporting/ledger/table";
import { refuseWithoutLedger } from "../reporting/ledger/unavailable";
import type { Settings } from "../settings";
import type { SweepEnvironment } from "./environment";
import type { Finisher } from "./finish-sweep";
import { createRunStore } from "./run-store";
import { createSweepMetrics } from "./metrics";
import { readSweeps, readSweptImages } from "./sweep-store";

/** What both functions of a sweep need. */
export interface SweepParts {
  readonly settings: Pick<Settings, "environment" | "ledgerDays">;
  readonly environment: SweepEnvironment;
  readonly clients: {
    readonly dynamodb: DynamoDBClient;
    readonly events: EventBridgeClient;
    readonly sns: SNSClient;
  };
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Puts together what both functions of a sweep have. A sweep that cannot reach the ledger does not know what was before, so that
 * it could tell everything again, or stop what was trusted: its calls fail, and are tried again.
 */
export function assembleSweep({ settings, environment, clients, logger, metrics, now }: SweepParts) {
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
  const table = { client: clients.dynamodb, name: resources.LEDGER_TABLE };
  const finisher: Finisher = {
    environment: settings.environment,
    ledger,
    runs,
    readImages: () => readSweptImages(table),
    delivery,
    metrics: createSweepMetrics(metrics),
    log: (summary) => logger.info("Sweep", { sweep: summary }),
    now,
  };
  return { ledger, runs, delivery, finisher, readLastSummary: async () => (await readSweeps(table, 1))[0] };
}

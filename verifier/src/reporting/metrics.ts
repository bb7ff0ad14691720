import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { VerdictRecord } from "./record-schema";
import type { ResponseOutcome } from "./response-outcome";

/** What is counted of records and their delivery. */
export interface RecordMetrics {
  verdict(record: VerdictRecord): void;
  deliveryFailed(): void;
}

/** What is counted of the verdict cache. */
export interface CacheMetrics {
  /** A verdict on a digest was asked for: whether it was known, or under way for another caller. */
  cacheAsked(isHit: boolean): void;
}

/** What is counted of what a function needs beside the images: in each case a call or an item that failed. */
export interface DependencyMetrics {
  ledgerUnavailable(): void;
  /** An item that does not count as an order of the moment: unreadable, too long, unproven, or of another environment. */
  orderRefused(): void;
  /** The orders of the moment could not be read, or a proof could not be checked. */
  ordersUnavailable(): void;
}

/** What is counted of the findings in Security Hub. */
export interface FindingMetrics {
  /** So many findings could not be sent, and are kept. */
  findingsUnsent(count: number): void;
}

/** The metrics. There are few dimensions: the environment, and for verdicts the status and the code. */
export interface LaunchMetrics extends RecordMetrics, DependencyMetrics, CacheMetrics, FindingMetrics {
  /**
   * A required response that was given now: its result, and the time since the creation of the task, in milliseconds.
   */
  response(outcome: ResponseOutcome, exposureMs: number): void;
  /** A launch's verdict, and the time since the creation of the task, in milliseconds. */
  launchJudged(sinceCreationMs: number): void;
}

/** Metrics in CloudWatch's embedded metric format, on lines of the log. */
export function createLaunchMetrics(metrics: Metrics): LaunchMetrics {
  const count = (name: string) => metrics.addMetric(name, MetricUnit.Count, 1);
  return {
    verdict({ status, code, final }) {
      const single = metrics.singleMetric();
      single.addDimensions({ status, code });
      single.addMetric("Verdicts", MetricUnit.Count, 1);
      if (status === "inconclusive" && final) count("FinalInconclusive");
    },
    response(outcome, exposureMs) {
      if (outcome === "none") return;
      const name = METRIC_OF_OUTCOME[outcome];
      count(name);
      if (name === "Stopped") metrics.addMetric("Exposure", MetricUnit.Milliseconds, exposureMs);
    },
    launchJudged: (sinceCreationMs) => {
      metrics.addMetric("TimeToVerdict", MetricUnit.Milliseconds, sinceCreationMs);
    },
    ...findingMetrics(metrics),
    ...sharedMetrics(metrics),
  };
}

/** The counter of every function that sends findings. */
export function findingMetrics(metrics: Metrics): FindingMetrics {
  return { findingsUnsent: (count) => void metrics.addMetric("FindingsUnsent", MetricUnit.Count, count) };
}

/** The counters that every function which judges images has. */
export function sharedMetrics(
  metrics: Metrics,
): DependencyMetrics & CacheMetrics & Pick<RecordMetrics, "deliveryFailed"> {
  const counter = (name: string) => () => void metrics.addMetric(name, MetricUnit.Count, 1);
  return {
    deliveryFailed: counter("DeliveryFailed"),
    // 0 for a miss: the average is the share of hits, the sum their number.
    cacheAsked(isHit) {
      metrics.addMetric("VerdictCacheHits", MetricUnit.Count, isHit ? 1 : 0);
    },
    ledgerUnavailable: counter("LedgerUnavailable"),
    orderRefused: counter("OrderRefused"),
    ordersUnavailable: counter("OrdersUnavailable"),
  };
}

const METRIC_OF_OUTCOME: Readonly<Record<Exclude<ResponseOutcome, "none">, string>> = {
  audited: "Audited",
  stopped: "Stopped",
  "rolled-back-and-stopped": "Stopped",
  "stopped-first-deployment": "Stopped",
  "already-stopped": "AlreadyStopped",
  "budget-used-up": "StopBudgetUsedUp",
  "alert-only": "AlertOnly",
  "managed-daemon": "ManagedDaemonDenied",
  failed: "ActionFailed",
};

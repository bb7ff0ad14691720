import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { type DependencyMetrics, sharedMetrics } from "../reporting/metrics";
import type { GateOutcome } from "../reporting/response-outcome";
import type { GateMetrics } from "./gate";

/** The metrics of a running gate: those of its answers, and of what it needs for them. */
export interface RunningGateMetrics extends GateMetrics, DependencyMetrics {}

/** Metrics in CloudWatch's embedded metric format, on lines of the log. */
export function createGateMetrics(metrics: Metrics): RunningGateMetrics {
  const count = (name: string) => metrics.addMetric(name, MetricUnit.Count, 1);
  return {
    // Launches count verdicts by status and code; a deployment is the same image once more.
    verdict({ status, final }) {
      if (status === "inconclusive" && final) count("FinalInconclusive");
    },
    answered(outcome, milliseconds) {
      if (outcome !== "none") count(METRIC_OF_OUTCOME[outcome]);
      metrics.addMetric("TimeToAnswer", MetricUnit.Milliseconds, milliseconds);
    },
    failed: () => void count("GateError"),
    heartbeat: () => void count("GateHeartbeat"),
    ...sharedMetrics(metrics),
  };
}

const METRIC_OF_OUTCOME: Readonly<Record<Exclude<GateOutcome, "none">, string>> = {
  audited: "GateAudited",
  refused: "GateRefused",
  "refused-first-deployment": "GateRefused",
  "already-running": "GateAlreadyRunning",
  opened: "GateOpened",
  waiting: "GateWaiting",
};

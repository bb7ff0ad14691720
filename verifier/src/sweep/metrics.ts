import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { SweepSummary } from "./sweep-summary";

/** The metrics of a sweep as a whole. */
export interface SweepMetrics {
  finished(summary: SweepSummary): void;
}

/** Metrics in CloudWatch's embedded metric format, on lines of the log. */
export function createSweepMetrics(metrics: Metrics): SweepMetrics {
  const count = (name: string, value: number) => void metrics.addMetric(name, MetricUnit.Count, value);
  return {
    finished(summary) {
      const { run, finishedAt, containers, judged, byCode } = summary;
      count("SweepFinished", 1);
      metrics.addMetric("SweepDuration", MetricUnit.Milliseconds, Date.parse(finishedAt) - Date.parse(run));
      metrics.addMetric("SweepCoverage", MetricUnit.Percent, containers === 0 ? 100 : (100 * judged) / containers);
      count("ContainersNotJudged", Math.max(0, containers - judged));
      count("ClustersNotRead", summary.unread.length + (summary.moreUnread ?? 0));
      count("NewlyDenied", summary.newlyDenied);
      count("NewlyRevokedOrExpired", summary.newlyRevokedOrExpired);
      count("SignaturesEndingSoon", summary.endingSoon);
      count("ExemptionsInUse", summary.exempted);
      count("ExemptionsEnding", summary.exemptionsEnding);
      count("NeverLaunched", summary.neverLaunched);
      for (const { status, code, containers: running } of byCode) {
        const single = metrics.singleMetric();
        single.addDimensions({ status, code });
        single.addMetric("RunningContainers", MetricUnit.Count, running);
      }
    },
  };
}

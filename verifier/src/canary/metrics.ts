import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** What is counted of the canary's runs. */
export interface CanaryMetrics {
  /** The task was denied in time. */
  denied(): void;
  /** It was not. */
  missed(): void;
}

/** Metrics in CloudWatch's embedded metric format, on lines of the log. */
export function createCanaryMetrics(metrics: Metrics): CanaryMetrics {
  const counter = (name: string) => () => void metrics.addMetric(name, MetricUnit.Count, 1);
  return { denied: counter("CanaryDenied"), missed: counter("CanaryMissed") };
}

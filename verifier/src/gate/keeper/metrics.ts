import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { NotGatedReason } from "./not-gated-reason";

/** The keeper's metrics. */
export interface KeeperMetrics {
  /** What a look at every watched service has found. */
  counted(gated: number, notGated: ReadonlyMap<NotGatedReason, number>): void;
  /** Somebody has taken the hook away from so many services. */
  gateRemoved(services: number): void;
  /** The gate's function is not active: deployments of gated services may fail. */
  gateNotActive(): void;
  keeperFailed(): void;
}

/** Metrics in CloudWatch's embedded metric format, on lines of the log. */
export function createKeeperMetrics(metrics: Metrics): KeeperMetrics {
  const count = (name: string, value = 1) => void metrics.addMetric(name, MetricUnit.Count, value);
  return {
    counted(gated, notGated) {
      count("ServicesGated", gated);
      count(
        "ServicesNotGated",
        [...notGated.values()].reduce((sum, number) => sum + number, 0),
      );
      for (const [reason, number] of notGated) {
        const single = metrics.singleMetric();
        single.addDimensions({ reason });
        single.addMetric("ServicesNotGated", MetricUnit.Count, number);
      }
    },
    gateRemoved: (services) => count("GateRemoved", services),
    gateNotActive: () => count("GateNotActive"),
    keeperFailed: () => count("KeeperFailed"),
  };
}

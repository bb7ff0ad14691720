import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import type { ReportFacts } from "../../automation/operations/report/build-report";
import { leaveOutCanary } from "../../automation/operations/report/canary-verdicts";
import { type CanaryTask, canaryTask } from "../../verifier/src/reporting/canary";
import { readExemptions } from "./read-exemptions";
import { readOrders } from "./read-orders";
import { readRecords } from "./read-records";
import { readServices } from "./read-services";
import { readSweep } from "./read-sweep";
import type { ReportOptions } from "./report-options";
import { createSourceReader } from "./source-reader";

const DAY_MS = 24 * 3_600_000;

/** What a report is made from, but for what another trust document would change. */
export type ReadFacts = Omit<ReportFacts, "whatIf">;

/**
 * Reads what a report is made from. What cannot be read is noted among the sources.
 *
 * @throws `CommandFailedError` if nothing can be read.
 */
export async function readFacts(outputs: EnvironmentOutputs, options: ReportOptions, now: Date): Promise<ReadFacts> {
  const reader = createSourceReader();
  const { environment, account, region, registry, mode, gateMode = null, watchedClusters = null } = outputs;
  const { runbookUrl: runbook = null } = outputs;
  const { running, sweep } = await readSweep(outputs, reader);
  const since = new Date(now.getTime() - options.days * DAY_MS);
  const records = await readRecords(outputs, since, reader);
  const services = await readServices(outputs, reader);
  const orders = await readOrders(outputs, now, reader);
  const exemptions = await readExemptions(outputs, options, reader);
  reader.check();
  return {
    place: {
      kind: "environment",
      environment,
      account,
      regions: [region],
      registry,
      mode,
      gateMode,
      runbook,
      watchedClusters,
    },
    sources: reader.sources,
    now,
    running,
    sweep,
    history: records && { since, ...leaveOutCanary(records, canaryOf(outputs)) },
    services,
    orders,
    exemptions,
  };
}

function canaryOf(outputs: EnvironmentOutputs): CanaryTask | undefined {
  const { canaryCluster, canaryTaskDefinition, canaryDigest } = outputs;
  return canaryTask({
    CANARY_CLUSTER: canaryCluster,
    CANARY_TASK_DEFINITION: canaryTaskDefinition,
    CANARY_DIGEST: canaryDigest,
  });
}

import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { readAttachment } from "../../automation/operations/gate/attachment-state";
import { findServices, type Gate } from "../../automation/operations/gate/change-services";
import { listOrders } from "../../automation/operations/orders/list-orders";
import type { ReportFacts } from "../../automation/operations/report/build-report";
import { leaveOutCanary } from "../../automation/operations/report/canary-verdicts";
import type { GatedService } from "../../automation/operations/report/coverage";
import { readVerdicts } from "../../automation/operations/verdict-log";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import type { Exemption } from "../../trust/document";
import { FixableError } from "../../trust/text/fixable-error";
import { describeServices } from "../../verifier/src/gate/attachment/list-services";
import { ORDER_KINDS } from "../../verifier/src/orders/order";
import { type CanaryTask, canaryTask } from "../../verifier/src/reporting/canary";
import { gateOf } from "../gate/deployed-gate";
import { trustFile } from "../gate/judging";
import { count } from "../lib/count";
import { ordersTablePlace } from "../orders/deployed-orders";
import { readTrustFile } from "../trust/file";
import { placeTrust } from "../trust/resolve";
import { readSweep } from "./read-sweep";
import type { ReportOptions } from "./report-options";
import { SOURCE } from "./source-names";
import { createSourceReader, type SourceReader, withUnreadable } from "./source-reader";

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

/** The records of all logs, in order of time; undefined if none could be read. */
async function readRecords(
  outputs: EnvironmentOutputs,
  since: Date,
  reader: SourceReader,
): Promise<readonly ReadRecord[] | undefined> {
  const client = new CloudWatchLogsClient({ region: outputs.region, maxAttempts: 5 });
  const { logGroup, gateLogGroup, sweepLogGroup } = outputs;
  const logs = [
    [SOURCE.launches, logGroup],
    [SOURCE.deployments, gateLogGroup],
    [SOURCE.swept, sweepLogGroup],
  ] as const;
  const read: (readonly ReadRecord[])[] = [];
  for (const [name, group] of logs) {
    if (group === undefined) {
      reader.absent(name, "The environment's outputs have no such log.");
      continue;
    }
    const question = { asking: "Reading the log group", of: group, action: "logs:FilterLogEvents on it" };
    let unreadable = 0;
    const onUnreadable = () => {
      unreadable += 1;
    };
    const records = await reader.read(
      name,
      question,
      () => collect(readVerdicts({ client, logGroup: group, since, onUnreadable })),
      (found) =>
        withUnreadable(
          `${count(found.length, "record")} since ${since.toISOString()}.`,
          unreadable === 0 ? [] : [`Left out: ${count(unreadable, "line")} that cannot be read by this version.`],
        ),
    );
    if (records !== undefined) read.push(records);
  }
  if (read.length === 0) return undefined;
  return read.flat().sort((one, other) => (one.judgedAt < other.judgedAt ? -1 : 1));
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The services that the gate is for; undefined without a gate, or if they could not be read. */
async function readServices(
  outputs: EnvironmentOutputs,
  reader: SourceReader,
): Promise<readonly GatedService[] | undefined> {
  const name = SOURCE.services;
  const gate = gateOf(outputs);
  if (gate === undefined) {
    reader.absent(name, "This environment has no deployment gate.");
    return undefined;
  }
  const ecs = new ECSClient({ region: outputs.region, maxAttempts: 5 });
  const question = {
    asking: "Reading the services",
    of: `of account ${outputs.account} in ${outputs.region}`,
    action: "ecs:ListClusters, ecs:ListServices and ecs:DescribeServices",
  };
  const read = () => listGated(ecs, gate, outputs.watchedClusters);
  return reader.read(name, question, read, (found) => `${count(found.length, "service")}.`);
}

async function listGated(
  ecs: ECSClient,
  gate: Gate,
  clusters: readonly string[] | undefined,
): Promise<readonly GatedService[]> {
  const rows: GatedService[] = [];
  for await (const { service } of describeServices(ecs, await findServices(ecs, clusters))) {
    if (service?.status !== "ACTIVE") continue;
    const { state, mode } = readAttachment(service, gate);
    rows.push({ cluster: service.clusterArn ?? "", group: `service:${service.serviceName ?? ""}`, gate: state, mode });
  }
  return rows;
}

async function readOrders(
  outputs: EnvironmentOutputs,
  now: Date,
  reader: SourceReader,
): Promise<ReportFacts["orders"]> {
  const name = SOURCE.orders;
  const place = ordersTablePlace(outputs);
  if (place === undefined) {
    reader.absent(name, "This environment has none.");
    return [];
  }
  const question = {
    asking: "Reading the orders of the table",
    of: place.table,
    action: "dynamodb:Scan on it, and kms:Decrypt on the key of the orders",
  };
  const { exemptionHours = 0 } = outputs;
  const read = async () => {
    const lists = [];
    for (const kind of ORDER_KINDS) lists.push(await listOrders({ ...place, exemptionHours }, kind, now.getTime()));
    // Each list counts what is unreadable in the whole table.
    return {
      orders: lists.flatMap(({ orders }) => orders),
      unreadable: Math.max(...lists.map(({ unreadable }) => unreadable)),
    };
  };
  const found = await reader.read(name, question, read, ({ orders, unreadable }) =>
    withUnreadable(
      `${count(orders.length, "block or exemption", "blocks and exemptions")}.`,
      unreadable === 0
        ? []
        : [
            `${count(unreadable, "item")} of the table cannot be read by this version: docs/runbook.md#alarm-order-refused.`,
          ],
    ),
  );
  return found?.orders;
}

/** The exemptions of the stack's file: nothing that is deployed says which trust document it has. Undefined if they are not known. */
export async function readExemptions(
  { account, region, signingProfileArn }: EnvironmentOutputs,
  { stack, project }: Pick<ReportOptions, "stack" | "project">,
  reader: SourceReader,
): Promise<readonly Exemption[] | undefined> {
  if (stack === undefined) {
    reader.absent(SOURCE.exemptions, "Not known from --outputs: --stack NAME reads them from the stack's file.");
    return undefined;
  }
  try {
    const file = trustFile({ stack, ...(project === undefined ? {} : { project }) });
    const place = { account, region, signingProfile: signingProfileArn };
    // A report shows what has ended, as `verify` judges with it.
    const { trust } = placeTrust(await readTrustFile(file), place, { expiredExemptions: "keep" });
    const detail = `${count(trust.exemptions.length, "exemption")} of ${file}, which may be newer than what is deployed.`;
    reader.note({ name: SOURCE.exemptions, state: "read", detail });
    return trust.exemptions;
  } catch (error) {
    if (!(error instanceof FixableError)) throw error;
    reader.note({ name: SOURCE.exemptions, state: "failed", detail: error.message });
    return undefined;
  }
}

import type { Service } from "@aws-sdk/client-ecs";
import type { Attachment } from "../../automation/operations/gate/attachment-state";
import { type LastDeployment, lastRecords } from "../../automation/operations/gate/last-deployment";
import { type NotReady, READY_DAYS, type Readiness } from "../../automation/operations/gate/readiness";
import type { ReadRecord } from "../../automation/operations/verdict-record";
import { lastPart } from "../../verifier/src/ecs/arn";
import { GATE_STAGES } from "../../verifier/src/gate/hook";
import { EVERY_SERVICE, type Opening } from "../../verifier/src/orders/opening";
import { RUNBOOK } from "../../verifier/src/reporting/runbook";
import { isBad } from "../../verifier/src/verification/verdict";
import { shortImage } from "../launches/verdict-lines";
import { colorsFor } from "../lib/colors";
import { printable } from "../lib/printable";
import { type Column, tableText } from "../lib/table";
import { timeText } from "../lib/time-text";
import { serviceText } from "./service-text";

/** What is known about a service and the gate. */
export interface ServiceStatus {
  readonly service: Service;
  readonly attachment: Attachment;
  /** Undefined if ECS knows none. */
  readonly lastDeployment: LastDeployment | undefined;
  /** The opening of the gate that is in force for it. */
  readonly opening: Opening | undefined;
  /** Undefined if nobody asked. */
  readonly readiness: Readiness | undefined;
}

const colors = colorsFor(process.stdout);

/** A row for each service. */
export function statusTable(statuses: readonly ServiceStatus[], withReadiness: boolean): string {
  return tableText(
    withReadiness ? [...STATUS_COLUMNS, { name: "ready" }] : STATUS_COLUMNS,
    statuses.map(({ service, attachment, lastDeployment, opening, readiness }) => [
      serviceText(service),
      gateCell(attachment),
      deploymentCell(lastDeployment),
      lastDeployment?.createdAt === undefined ? "-" : timeText(lastDeployment.createdAt),
      opening === undefined ? "-" : colors.yellow(timeText(opening.until)),
      ...(readiness === undefined ? [] : [READY_COLOURS[readiness.ready](readiness.ready)]),
    ]),
  );
}

const STATUS_COLUMNS: readonly Column[] = [
  { name: "service", wrapTo: 20 },
  { name: "gate" },
  { name: "last deployment" },
  { name: "created", leaveOut: 1 },
  { name: "open until", leaveOut: 2 },
];

const READY_COLOURS: Readonly<Record<Readiness["ready"], (text: string) => string>> = {
  yes: colors.green,
  no: colors.red,
  unknown: colors.yellow,
};

function gateCell({ state, mode }: Attachment): string {
  if (state === "attached") return mode;
  if (state === "attached-otherwise") return colors.yellow(`${mode}, hook differs`);
  return state === "not-attached" ? colors.yellow("not attached") : "cannot have it";
}

function deploymentCell(last: LastDeployment | undefined): string {
  if (last === undefined) return "-";
  const text = printable(last.status, 40);
  if (last.status === "SUCCESSFUL") return colors.green(text);
  return didFail(last) ? colors.red(text) : text;
}

/** ECS API reference, ServiceDeployment, `status`. */
function didFail({ status }: LastDeployment): boolean {
  return /^ROLLBACK|STOP/.test(status);
}

/** What a row has no room for: why the last deployment did not succeed, the opening, why a service is not ready. */
export function statusLines(status: ServiceStatus): readonly string[] {
  const lines = [
    ...attachmentLines(status.attachment),
    ...deploymentLines(status.lastDeployment, status.attachment),
    ...openingLines(status.opening),
    ...readinessLines(status.readiness),
  ];
  return lines.length === 0 ? [] : ["", `${serviceText(status.service)}:`, ...lines.map((line) => `  ${line}`)];
}

function attachmentLines({ state, stages }: Attachment): readonly string[] {
  if (state !== "attached-otherwise") return [];
  const missing = GATE_STAGES.filter((stage) => !stages.includes(stage));
  const which =
    missing.length === 0 ? "target, role, timeout or number of its hooks" : `no hook at ${missing.join(", ")}`;
  return [`The gate is not attached as this environment would have it (${which}). \`gate attach\` corrects it.`];
}

function deploymentLines(last: LastDeployment | undefined, { state }: Attachment): readonly string[] {
  if (last === undefined) return [];
  const { deployment, statusReason, records } = last;
  if (last.status === "SUCCESSFUL" && !lastRecords(records ?? []).some(({ status }) => isBad(status))) return [];
  const said = statusReason ? [`ECS says: ${printable(statusReason, 500)}`] : [];
  return [`${printable(deployment, 600)}: ${printable(last.status, 40)}`, ...said, ...recordLines(last, state)];
}

function recordLines(deployment: LastDeployment, state: Attachment["state"]): readonly string[] {
  if (deployment.records === undefined) return [];
  const last = lastRecords(deployment.records);
  if (last.length === 0) {
    const isGated = state === "attached" || state === "attached-otherwise";
    return isGated ? ["The gate has recorded nothing about it."] : [];
  }
  const bad = last.filter(({ status }) => isBad(status));
  if (bad.length === 0) {
    const elsewhere = didFail(deployment) ? " The reason is another one." : "";
    return [`The gate let it go on: every image was trusted or exempt.${elsewhere}`];
  }
  const done = [...new Set(bad.map((record) => printable(record.done ?? record.response, 300)))];
  return [...done.map((text) => `The gate: ${text}`), ...bad.map(recordLine)];
}

function recordLine(record: ReadRecord): string {
  const { container, status, code, detail } = record;
  const why = `${printable(code, 40)}: ${shortImage(record)}: ${printable(detail, 500)}`;
  return `${printable(container, 60)}: ${status} ${why} (${RUNBOOK}#${printable(code, 40)})`;
}

function openingLines(opening: Opening | undefined): readonly string[] {
  if (opening === undefined) return [];
  const { service, until, owner, reason } = opening;
  const whose = service === EVERY_SERVICE ? "The gate is open for every service" : "The gate is open";
  return [`${whose} until ${until}${owner === undefined ? "" : ` by ${owner}`}: ${printable(reason, 500)}`];
}

function readinessLines(readiness: Readiness | undefined): readonly string[] {
  if (readiness === undefined) return [];
  if (readiness.ready !== "yes") return readiness.reasons.map((reason) => `Not ready: ${whyNot(reason)}`);
  return readiness.judged > 0 ? [] : [`Ready, but none of its deployments was judged in the last ${READY_DAYS} days.`];
}

/** A reason as the end of a sentence. */
export function whyNot(reason: NotReady): string {
  switch (reason.kind) {
    case "not-attached":
      return "the gate is not attached.";
    case "attached-otherwise":
      return "the gate is not attached as this environment would have it.";
    case "not-checked":
      return "what it deploys could not be read; `gate check` says why.";
    case "denied-now":
      return `its ${reason.which} revision would be refused: ${printable(reason.container, 60)}: ${reason.code}.`;
    case "inconclusive-now":
      return `its ${reason.which} revision could not be judged: ${printable(reason.container, 60)}: ${reason.code}.`;
    case "refused-before":
      return refusedBefore(reason);
    case "gate-errors":
      return `the gate could not judge ${reason.count === 1 ? "1 call" : `${reason.count} calls`} about it in the last ${READY_DAYS} days; its log says why.`;
    case "log-not-read":
      return "what the gate recorded could not be read.";
  }
}

function refusedBefore({ last, deployments }: Extract<NotReady, { readonly kind: "refused-before" }>): string {
  const { container, code, judgedAt, deployment = "" } = last;
  const count = deployments === 1 ? "1 deployment" : `${deployments} deployments`;
  return (
    `${count} of the last ${READY_DAYS} days had an image that was not trusted, the last ${printable(lastPart(deployment), 60)} ` +
    `at ${timeText(judgedAt)}: ${printable(container, 60)}: ${printable(code, 40)}.`
  );
}

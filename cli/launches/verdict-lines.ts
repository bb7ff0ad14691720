import type { ReadRecord } from "../../automation/operations/verdict-record";
import { ReferenceInvalidError, readReference } from "../../trust/reference";
import { lastPart } from "../../verifier/src/ecs/arn";
import { recordedArn } from "../../verifier/src/reporting/record-schema";
import { RUNBOOK } from "../../verifier/src/reporting/runbook";
import { isBad } from "../../verifier/src/verification/verdict";
import { asciiJson, printable } from "../lib/printable";
import { inStatusColour } from "../lib/status-colours";
import { type Column, layOutTable, outputWidth } from "../lib/table";
import { timeText } from "../lib/time-text";

/** Verdicts as aligned lines. */
export interface VerdictLines {
  readonly head: string;
  /** Columns that a narrow terminal has no room for. */
  readonly leftOut: readonly string[];
  line(record: ReadRecord): string;
}

const COLUMNS: readonly Column[] = [
  { name: "time", least: 20 },
  { name: "status", least: 12 },
  { name: "final", least: 7, leaveOut: 2 },
  { name: "code", least: 20 },
  { name: "cluster", wrapTo: 10, leaveOut: 3 },
  { name: "group", wrapTo: 14 },
  { name: "task", least: 32, leaveOut: 5 },
  { name: "container", wrapTo: 10, leaveOut: 4 },
  { name: "image", wrapTo: 20 },
  { name: "response", wrapTo: 10, leaveOut: 1 },
];

/** Lays out lines for these verdicts and later ones. */
export function verdictLines(records: readonly ReadRecord[], width = outputWidth()): VerdictLines {
  const { head, line, leftOut } = layOutTable(COLUMNS, records.map(toCells), width);
  return { head, leftOut, line: (record) => line(toCells(record)) };
}

function toCells(record: ReadRecord): readonly string[] {
  const { judgedAt, status, final, code, cluster, group = "-", container, response } = record;
  return [
    timeText(judgedAt),
    inStatusColour(status, status),
    final ? "yes" : "not yet",
    printable(code, 40),
    printable(lastPart(cluster), 60),
    printable(group, 60),
    printable(lastPart(recordedArn(record)), 40),
    printable(container, 60),
    shortImage(record),
    printable(response, 40),
  ];
}

/** The image without the account's own registry, and with the beginning of its digest. */
export function shortImage({
  image,
  digest,
  account,
  region,
}: Pick<ReadRecord, "image" | "digest" | "account" | "region">): string {
  const judged = digest === undefined ? "" : `@${printable(digest.replace(/^sha256:/, ""), 71).slice(0, 12)}`;
  const reference = readReference(image);
  if (reference instanceof ReferenceInvalidError) return `${printable(image, 80) || "(no image)"}${judged}`;
  const { registry, repository, tag } = reference;
  const own =
    registry.startsWith(`${account}.dkr.ecr.${region}.`) || registry.startsWith(`${account}.dkr-ecr.${region}.`);
  return `${own ? "" : `${registry}/`}${repository}${tag === undefined ? "" : `:${tag}`}${judged}`;
}

/** The number of verdicts per status, as a sentence. */
export function summarize(records: readonly ReadRecord[]): string {
  const statuses = ["trusted", "exempt", "denied", "inconclusive"] as const;
  const counts = statuses.flatMap((status) => {
    const count = records.filter((record) => record.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  const open = records.filter(({ final }) => !final).length;
  const total = records.length === 1 ? "1 verdict" : `${records.length} verdicts`;
  const areSomeBad = records.some(({ status }) => isBad(status));
  const again = open === 0 ? "" : ` ${open} not yet final: judged again.`;
  return `${total}: ${counts.join(", ")}.${again}${areSomeBad ? ` What to do about each code: ${RUNBOOK}.` : ""}`;
}

/** A verdict as one line of JSON, for programs. Every key of the record is present; unknown values are `null`. */
export function verdictRecordJson(record: ReadRecord): string {
  const { enforcementPoint, subject, task, deployment, group, service, launchType, digest, tagMovedFrom } = record;
  const { signature, signatures, responseError, count, countedSince } = record;
  return asciiJson({
    ...record,
    enforcementPoint: enforcementPoint ?? null,
    subject: subject ?? null,
    task: task ?? null,
    deployment: deployment ?? null,
    group: group ?? null,
    service: service ?? null,
    launchType: launchType ?? null,
    digest: digest ?? null,
    tagMovedFrom: tagMovedFrom ?? null,
    responseError: responseError ?? null,
    count: count ?? null,
    countedSince: countedSince ?? null,
    signature: signature === undefined ? null : signatureFields(signature),
    signatures: signatures?.map(signatureFields) ?? null,
  });
}

function signatureFields(signature: NonNullable<ReadRecord["signature"]>) {
  const { profileVersion, job, signingTime, expiry } = signature;
  return {
    ...signature,
    profileVersion: profileVersion ?? null,
    job: job ?? null,
    signingTime: signingTime ?? null,
    expiry: expiry ?? null,
  };
}

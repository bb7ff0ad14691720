import { lastPart } from "../ecs/arn";
import { hasEnded } from "../ecs/launch";
import type { ReasonCode } from "../verification/verdict";
import { deploymentRows } from "./deployment-rows";
import { nextStep } from "./next-step";
import { recordedArn, type VerdictRecord } from "./record-schema";
import { runbookOfCode } from "./runbook";
import { toWellFormed } from "./well-formed";

/** A message for people. */
export interface Message {
  /** Fewer than 100 printable ASCII characters (the limit of SNS's Publish). */
  readonly subject: string;
  /** At most 3000 characters, which fits a chat window; for a deployment 4500. */
  readonly text: string;
}

const SUBJECT_LIMIT = 99;
/** The maximum length of one row. Eight rows can be long; `Missing` has a row for each requirement, of which there are five at most. */
const ROW_LIMIT = 400;

/**
 * Tells a person: what was found, where, who signed, why, what was done, what to do next.
 *
 * @param page The runbook. Default: its path in this repository.
 */
export function formatMessage(record: VerdictRecord, page?: string): Message {
  const { status, code, container, environment } = record;
  const title = `${status.toUpperCase()} ${code}: ${container} in ${environment}`;
  const rows: readonly (readonly [string, string])[] = [
    ["Image", formatImage(record)],
    ["Where", formatPlace(record)],
    ["Signed by", signedBy(record)],
    ...(record.missing ?? []).map((signers) => ["Missing", signers] as const),
    ["Why", record.detail],
    ...notesOn(record).map((note) => ["Note", note] as const),
    ...formatCount(record).map((count) => ["Count", count] as const),
    ["Done", formatDone(record)],
    ["Next", nextStep(code)],
    ["Runbook", runbookOfCode(code, page)],
    ...rowsAbout(record),
  ];
  return { subject: subjectLine(title), text: formatRows(`${status.toUpperCase()}: ${code}`, rows) };
}

function rowsAbout(record: VerdictRecord): readonly (readonly [string, string])[] {
  if (record.deployment !== undefined) return deploymentRows(record);
  const { containers } = record;
  const running = containers === undefined ? [] : [["Running", `${containers} of these containers there`] as const];
  return [...running, ["Task", containers === undefined ? recordedArn(record) : `such as ${recordedArn(record)}`]];
}

/** A subject that SNS takes. */
export function subjectLine(title: string): string {
  return title.replace(/[^\x20-\x7e]/g, "?").slice(0, SUBJECT_LIMIT);
}

/** A text of one line and the rows below it. */
export function formatRows(head: string, rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(10, ...rows.map(([name]) => name.length + 1));
  return toWellFormed([head, ...rows.map(([name, value]) => `${name.padEnd(width)}${oneLine(value)}`)].join("\n"));
}

/**
 * Text from others must not look like one of our rows: no line breaks, no control characters, none that change the
 * writing direction.
 */
function oneLine(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return clean.length > ROW_LIMIT ? `${clean.slice(0, ROW_LIMIT - 3)}...` : clean;
}

function formatImage({ image, digest }: VerdictRecord): string {
  if (image === "") return digest ?? "none reported";
  return digest === undefined || image.includes("@") ? image : `${image}@${digest}`;
}

function notesOn({ tagMovedFrom, provisional, lastStatus }: VerdictRecord): readonly string[] {
  if (tagMovedFrom !== undefined) return [`the tag had moved from ${tagMovedFrom}`];
  if (provisional && lastStatus !== undefined && hasEnded({ lastStatus }))
    return ["judged through the tag: the task has ended, and ECS reported no digest"];
  return provisional ? ["judged through the tag, before ECS reported a digest"] : [];
}

/** Where a container was launched, or is deployed. */
export function formatPlace({
  container,
  group,
  cluster,
  region,
  account,
  environment,
}: Pick<VerdictRecord, "container" | "group" | "cluster" | "region" | "account" | "environment">): string {
  const clusterName = lastPart(cluster);
  const of = group === undefined ? "" : `, ${group.replace(":", " ")}`;
  return `container ${container}${of}, cluster ${clusterName}, ${region}, account ${account}, environment ${environment}`;
}

/** Until these checks have passed, nothing that a signature says about its signer is proven. */
const UNPROVED: ReadonlySet<ReasonCode> = new Set([
  "signature-invalid",
  "signature-unreadable",
  "signature-unsupported",
  "untrusted-root",
]);

/** Whether what a signature says about its signer is proven, for a verdict with this code. */
export function isSignerProven(code: ReasonCode): boolean {
  return !UNPROVED.has(code);
}

function signedBy({ code, signature, signatures }: VerdictRecord): string {
  if (signatures.length > 1) return signatures.map(({ profileVersion }) => profileVersion ?? "not known").join(", ");
  const signer = signature?.profileVersion;
  if (signer === undefined) return code === "no-signature" ? "nobody" : "not known";
  return isSignerProven(code) ? signer : `${signer}, according to the signature, not proven`;
}

function formatDone({ done, responseError }: VerdictRecord): string {
  return responseError === undefined ? done : `${done} ${responseError}`;
}

/** The first of a group needs no number. */
function formatCount({ count = 1, countedSince, service, family }: VerdictRecord): readonly string[] {
  if (count === 1) return [];
  const of = service === undefined ? `family (${family})` : `service (${service})`;
  return [
    `number ${count} since ${countedSince} with the same ${of}, image, code and response; messages are sent for the 1st, 10th, 100th and so on of an hour`,
  ];
}

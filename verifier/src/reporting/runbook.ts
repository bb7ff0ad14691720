import type { ReasonCode } from "../verification/verdict";

/**
 * The page that says what to do about each alarm and each reason code, by its path in this repository. An environment can name
 * the URL of a copy of its own (`runbookUrl`).
 */
export const RUNBOOK = "docs/runbook.md";

/** The section about a reason code. */
export function runbookOfCode(code: ReasonCode, page = RUNBOOK): string {
  return `${page}#${code}`;
}

/** The section about an alarm of the launch detector, by its short name. */
export function runbookOfAlarm(alarm: string, page = RUNBOOK): string {
  return `${page}#alarm-${alarm}`;
}

/** The section about an alarm of the deployment gate, by its short name. */
export function runbookOfGateAlarm(alarm: string, page = RUNBOOK): string {
  return `${page}#gate-alarm-${alarm}`;
}

/** The section about an alarm of the sweep, by its short name. */
export function runbookOfSweepAlarm(alarm: string, page = RUNBOOK): string {
  return `${page}#sweep-alarm-${alarm}`;
}

/** The section about changes of one kind. */
export function runbookOfChangeAlarm(kind: string, page = RUNBOOK): string {
  return `${page}#change-alarm-${kind}`;
}

/** The section about an alarm of the canary, by its short name. */
export function runbookOfCanaryAlarm(alarm: string, page = RUNBOOK): string {
  return `${page}#canary-alarm-${alarm}`;
}

import type { VerdictRecord } from "../../../verifier/src/reporting/record-schema";

const MEANINGS: Readonly<Record<VerdictRecord["response"], string>> = {
  none: "nothing: no stop was required",
  audited: "nothing: this place only audits. With enforce it would be stopped or refused",
  stopped: "the task was stopped",
  "rolled-back-and-stopped": "the deployment was rolled back, and the task stopped",
  "stopped-first-deployment": "the task was stopped; its service has nothing to roll back to, and keeps starting tasks",
  "already-stopped": "nothing: the task had ended before",
  "budget-used-up": "not stopped yet: too many stops within ten minutes",
  "alert-only": "nothing: the environment stops no tasks (its stop budget is 0)",
  "managed-daemon": "nothing: to stop a task of a managed daemon can drain its whole instance",
  failed: "the attempt to stop it failed, and is made again",
  refused: "the deployment was refused",
  "refused-first-deployment": "the deployment was refused; there is no earlier revision to roll back to",
  "already-running": "let through: the service runs these digests already",
  opened: "let through: an order of the moment has opened the gate",
  waiting: "the deployment waits, and is judged again",
  "first-sweep": "nothing: the first sweep of an environment only tells",
  "trusted-before": "nothing: it was trusted before, and nothing is proven against it",
};

/** What a response means, for somebody who reads of it for the first time. A newer verifier may have others. */
export function responseMeaning(response: string): string {
  return Object.hasOwn(MEANINGS, response)
    ? MEANINGS[response as VerdictRecord["response"]]
    : "Of a newer verifier: docs/events.md.";
}

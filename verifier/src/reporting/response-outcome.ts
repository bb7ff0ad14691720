/** What was done about a launch. */
export const RESPONSE_OUTCOMES = [
  /** No action was required. */
  "none",
  /** The environment only audits. */
  "audited",
  "stopped",
  "rolled-back-and-stopped",
  /** The service's deployment is its first: there is nothing to roll back to, and the service keeps starting tasks. */
  "stopped-first-deployment",
  /** The task had ended before. */
  "already-stopped",
  /** Too many tasks of the cluster or of the family were stopped within ten minutes: this one is stopped later. */
  "budget-used-up",
  /** The environment stops no tasks: its stop budget is 0. */
  "alert-only",
  /** Stopping a task of a managed daemon can drain its whole container instance. */
  "managed-daemon",
  /** An action failed; it is retried with the event. */
  "failed",
] as const;

export type ResponseOutcome = (typeof RESPONSE_OUTCOMES)[number];

/** What was done about a task, as text. */
export const DONE: Readonly<Record<ResponseOutcome, string>> = {
  none: "Nothing.",
  audited: "Nothing: this environment only audits.",
  stopped: "The task was stopped.",
  "rolled-back-and-stopped": "The service's deployment is being rolled back, and the task was stopped.",
  "stopped-first-deployment":
    "The task was stopped. It is the service's first deployment, so there is nothing to roll back to: the service keeps starting tasks. Scale it to zero or delete it.",
  "already-stopped": "Nothing: the task had ended already.",
  "budget-used-up":
    "NOTHING YET: too many tasks of this cluster or family were stopped within ten minutes. The task keeps running; the stop is retried every ten minutes.",
  "alert-only": "NOTHING: this environment stops no tasks, because its stopBudget is 0. The task keeps running.",
  "managed-daemon": "NOTHING: tasks of managed daemons are never stopped. The task keeps running.",
  failed: "NOT everything required: the task may keep running. It is retried.",
};

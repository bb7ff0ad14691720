/** What was done about a launch. */
export const RESPONSE_OUTCOMES = [
  /** Nothing was to be done. */
  "none",
  /** The environment only audits. */
  "audited",
  "stopped",
  "rolled-back-and-stopped",
  /** The service's deployment is its first: there is nothing to roll back to, and the service goes on starting tasks. */
  "stopped-first-deployment",
  /** The task had ended before. */
  "already-stopped",
  /** Too many tasks of the cluster, or of the family, were stopped within ten minutes: it is stopped later. */
  "budget-used-up",
  /** The environment stops nothing: its budget of stops is 0. */
  "alert-only",
  /** Stopping a task of a managed daemon can drain its whole container instance. */
  "managed-daemon",
  /** An action failed; it is tried again with the event. */
  "failed",
] as const;

export type ResponseOutcome = (typeof RESPONSE_OUTCOMES)[number];

/** What was done about a task, in words. */
export const DONE: Readonly<Record<ResponseOutcome, string>> = {
  none: "Nothing.",
  audited: "Nothing: this environment audits.",
  stopped: "The task was stopped.",
  "rolled-back-and-stopped": "The service's deployment is being rolled back, and the task was stopped.",
  "stopped-first-deployment":
    "The task was stopped. It is the service's first deployment, so there is nothing to roll back to: the service goes on starting tasks; scale it to zero or delete it.",
  "already-stopped": "Nothing: the task had ended already.",
  "budget-used-up":
    "NOTHING YET: too many tasks of this cluster or family were stopped within ten minutes. The task goes on running; it is tried again every ten minutes.",
  "alert-only": "NOTHING: this environment stops no tasks, since its stopBudget is 0. The task goes on running.",
  "managed-daemon": "NOTHING: tasks of managed daemons are never stopped. The task goes on running.",
  failed: "NOT all that was due: the task may go on running. It is tried again.",
};

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

/** What the deployment gate did about a deployment. */
export const GATE_OUTCOMES = [
  /** Nothing had to be refused. */
  "none",
  /** It would have been refused, but the gate only audits. */
  "audited",
  "refused",
  /** Refused, and there is no earlier revision that ECS could roll back to. */
  "refused-first-deployment",
  /** Let through: the service runs these digests already. */
  "already-running",
  /** Let through: an order of the moment has opened the gate. */
  "opened",
  /** The deployment waits, and is judged again. */
  "waiting",
] as const;

export type GateOutcome = (typeof GATE_OUTCOMES)[number];

/** What a sweep did about the running tasks of an image. */
export const SWEEP_OUTCOMES = [
  ...RESPONSE_OUTCOMES,
  /** The environment's first sweep tells, and stops nothing. */
  "first-sweep",
  /** The image was trusted before, or may have been, and what has changed since is no proof against it. */
  "trusted-before",
] as const;

export type SweepOutcome = (typeof SWEEP_OUTCOMES)[number];

/** What was done about running tasks, as text. */
export const SWEEP_DONE: Readonly<Record<SweepOutcome, string>> = {
  none: "Nothing.",
  audited: "Nothing: the sweep only tells.",
  "first-sweep": "Nothing: the first sweep of an environment only tells.",
  "trusted-before":
    "NOTHING: the image was trusted before, or may have been, and its signatures may have been deleted or hidden since. Its tasks keep running.",
  stopped: "Its tasks were stopped.",
  "rolled-back-and-stopped": "The service's deployment is being rolled back, and its tasks were stopped.",
  "stopped-first-deployment":
    "Its tasks were stopped. It is the service's first deployment, so there is nothing to roll back to: the service keeps starting tasks. Scale it to zero or delete it.",
  "already-stopped": "Nothing: its tasks had ended already.",
  "budget-used-up":
    "NOT everything: too many tasks of this cluster or family were stopped within ten minutes. The others keep running until the next sweep.",
  "alert-only": "NOTHING: this environment stops no tasks, because its stopBudget is 0. Its tasks keep running.",
  "managed-daemon": "NOTHING: tasks of managed daemons are never stopped. They keep running.",
  failed: "NOT everything required: its tasks may keep running. The next sweep tries again.",
};

/** What was done about a deployment, as text. */
export const GATE_DONE: Readonly<Record<GateOutcome, string>> = {
  none: "Nothing: the gate let the deployment go on.",
  audited: "Nothing: the gate only audits this service. The deployment goes on.",
  refused: "The deployment was refused: ECS rolls it back.",
  "refused-first-deployment":
    "The deployment was refused. It is the service's first, so ECS says: No rollback candidate was found to run the rollback. No task of it keeps running.",
  "already-running":
    "NOTHING: the service runs these digests already, so that the way back stays open. The deployment goes on.",
  opened: "NOTHING: the gate is open by an order of the moment. The deployment goes on.",
  waiting: "The deployment waits, and is judged again.",
};

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

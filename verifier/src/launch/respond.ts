import {
  ClusterNotFoundException,
  type ECSClient,
  InvalidParameterException,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import * as z from "zod";
import type { Launch } from "../ecs/launch";
import type { LaunchVerdict } from "../launch-verdict";
import { plannedResponse } from "../response";
import type { Settings } from "../settings";
import type { Ledger } from "./ledger";
import { rollBackDeployment } from "./roll-back";

/** What was done about a launch. */
export const RESPONSE_OUTCOMES = [
  /** Nothing was to be done. */
  "none",
  /** The environment only audits. */
  "audited",
  "stopped",
  "rolled-back-and-stopped",
  /** The task had ended before. */
  "already-stopped",
  /** Too many tasks of the cluster were stopped within ten minutes. */
  "budget-used-up",
  /** Stopping a task of a managed daemon can drain its whole container instance. */
  "managed-daemon",
  /** An action failed; it is tried again with the event. */
  "failed",
] as const;

export type ResponseOutcome = (typeof RESPONSE_OUTCOMES)[number];

const outcomeSchema = z.enum(RESPONSE_OUTCOMES);

/** How a response went. `now` is false if it was given before, for another event of the same task. */
export type Response =
  | { readonly state: "done"; readonly outcome: ResponseOutcome; readonly now: boolean }
  /** Another invocation is at it. */
  | { readonly state: "under-way" };

export interface ResponderOptions {
  readonly ecs: ECSClient;
  readonly ledger: Pick<Ledger, "once" | "takeStop" | "returnStop">;
  readonly settings: Pick<Settings, "mode" | "stopBudget">;
}

/**
 * Responds to the status of a launch, once for each task; `reason` is what ECS shows for a stopped task.
 * Rejects if an action failed: it is tried again with the event.
 */
export type Responder = (launch: Launch, status: LaunchVerdict["status"], reason: string) => Promise<Response>;

/** The reason for a stop has no documented limit; the ECS agent cuts at 1024 (amazon-ecs-agent). */
const REASON_LIMIT = 255;

export function createResponder(options: ResponderOptions): Responder {
  const { ledger, settings } = options;
  return async (launch, status, reason) => {
    const planned = plannedResponse(launch, status);
    if (planned.action === "none" || planned.action === "retry") return { state: "done", outcome: "none", now: false };
    const service = planned.action === "roll-back-and-stop-task" ? planned.service : undefined;
    // A task that was seen while the environment audited is still to be stopped when it enforces.
    const once = await ledger.once(launch.taskArn, `response#${settings.mode}`, () =>
      respond(options, launch, service, reason),
    );
    return once.state === "under-way" ? once : { ...once, outcome: outcomeSchema.parse(once.outcome) };
  };
}

async function respond(
  { ecs, ledger, settings }: ResponderOptions,
  launch: Launch,
  service: string | undefined,
  reason: string,
): Promise<ResponseOutcome> {
  if (settings.mode === "audit") return "audited";
  if (isManagedDaemon(launch)) return "managed-daemon";
  // Once for each task: an attempt that fails and is repeated takes no second stop.
  const budget = await ledger.once(launch.taskArn, "stop-budget", async () =>
    (await ledger.takeStop(launch.clusterArn, settings.stopBudget)) ? "taken" : "used-up",
  );
  if (budget.state === "done" && budget.outcome === "used-up") return "budget-used-up";
  const rolledBack =
    service !== undefined && (await rollBackDeployment(ecs, launch, service).catch((error: unknown) => ({ error })));
  // A roll-back that failed is no reason to let the task run.
  const stopped = await stopTask(ecs, launch, reason);
  if (typeof rolledBack === "object") throw rolledBack.error;
  // Old events, of tasks that are gone, must not use up what new ones need.
  if (stopped === "already-stopped") await ledger.returnStop(launch.clusterArn);
  return rolledBack ? "rolled-back-and-stopped" : stopped;
}

/** Inferred: AWS shows no task event of a managed daemon. */
function isManagedDaemon({ taskDefinitionArn }: Launch): boolean {
  return taskDefinitionArn.includes(":daemon-task-definition/");
}

async function stopTask(
  ecs: ECSClient,
  { clusterArn, taskArn }: Launch,
  reason: string,
): Promise<"stopped" | "already-stopped"> {
  try {
    await ecs.send(new StopTaskCommand({ cluster: clusterArn, task: taskArn, reason: reason.slice(0, REASON_LIMIT) }));
    return "stopped";
  } catch (error) {
    // A cluster can only be deleted when no task runs in it.
    if (error instanceof ClusterNotFoundException) return "already-stopped";
    // "The referenced task was not found.": it has ended some time ago.
    if (error instanceof InvalidParameterException && /not found/i.test(error.message)) return "already-stopped";
    throw error;
  }
}

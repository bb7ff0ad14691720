import type { ECSClient } from "@aws-sdk/client-ecs";
import * as z from "zod";
import type { Settings } from "../baked-settings";
import { parseFamily } from "../ecs/arn";
import { hasEnded, type Launch } from "../ecs/launch";
import type { LaunchVerdict } from "../ecs/launch-verdict";
import type { GiveBack, Ledger } from "../reporting/ledger";
import { RESPONSE_OUTCOMES, type ResponseOutcome } from "../reporting/response-outcome";
import { plannedResponse } from "./planned-response";
import { rollBackDeployment } from "./roll-back";
import { stopTask } from "./stop-task";

const outcomeSchema = z.enum(RESPONSE_OUTCOMES);

/** The result of a response. `now` is false if it was given before, for another event of the same task. */
export type Response =
  | { readonly state: "done"; readonly outcome: ResponseOutcome; readonly now: boolean }
  /** Another invocation is doing it. */
  | { readonly state: "under-way" }
  /** The task must be stopped, and the budget of this window is used up. */
  | { readonly state: "over-budget" };

export interface ResponderOptions {
  readonly ecs: ECSClient;
  readonly ledger: Pick<Ledger, "once" | "stopOnce">;
  readonly settings: Pick<Settings, "mode" | "stopBudget">;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Responds to the status of a launch, once per task. `reason` is the text that ECS shows for a stopped task.
 * Rejects if an action failed: it is retried with the event.
 */
export type Responder = (launch: Launch, status: LaunchVerdict["status"], reason: string) => Promise<Response>;

export function createResponder(options: ResponderOptions): Responder {
  const { ledger, settings } = options;
  return async (launch, status, reason) => {
    const planned = plannedResponse(launch, status);
    if (planned.action === "none" || planned.action === "retry") return { state: "done", outcome: "none", now: false };
    const key = responseKey(settings);
    const unstopped = withoutStop(launch, settings);
    const service = planned.action === "roll-back-and-stop-task" ? planned.service : undefined;
    const once =
      unstopped === undefined
        ? await ledger.stopOnce(
            launch.taskArn,
            key,
            { cluster: launch.clusterArn, family: parseFamily(launch.taskDefinitionArn), stops: settings.stopBudget },
            (giveBack) => stop(options, launch, service, reason, giveBack),
          )
        : await ledger.once(launch.taskArn, key, async () => unstopped);
    if (once.state === "over-budget" && service !== undefined) await rollBackMeanwhile(options, launch, service);
    return once.state === "done" ? { ...once, outcome: outcomeSchema.parse(once.outcome) } : once;
  };
}

/**
 * Rolling back a deployment stops no task, so it needs no budget. If it waited for the stop, it would be too late: the
 * deployment would be complete, and the service would keep starting tasks of the denied image. Done once per task. If
 * it fails, the task still waits, and the rollback is retried with its stop.
 */
async function rollBackMeanwhile({ ecs, ledger }: ResponderOptions, launch: Launch, service: string): Promise<void> {
  await ledger.once(launch.taskArn, "roll-back", () => rollBackDeployment(ecs, launch, service)).catch(() => {});
}

/**
 * A task first seen while the environment was in audit mode, or alerted only, must still be stopped once it enforces.
 */
function responseKey({ mode, stopBudget }: ResponderOptions["settings"]): string {
  return mode === "enforce" && stopBudget === 0 ? "response#alert-only" : `response#${mode}`;
}

/** The response when the task is not stopped. */
function withoutStop(
  launch: Launch,
  { mode, stopBudget }: ResponderOptions["settings"],
): Extract<ResponseOutcome, "already-stopped" | "audited" | "managed-daemon" | "alert-only"> | undefined {
  if (hasEnded(launch)) return "already-stopped";
  if (mode === "audit") return "audited";
  if (isManagedDaemon(launch)) return "managed-daemon";
  return stopBudget === 0 ? "alert-only" : undefined;
}

/** Inferred (daemon-task-definition): AWS documents no task event of a managed daemon. */
function isManagedDaemon({ taskDefinitionArn }: Launch): boolean {
  return taskDefinitionArn.includes(":daemon-task-definition/");
}

async function stop(
  { ecs, now }: ResponderOptions,
  launch: Launch,
  service: string | undefined,
  reason: string,
  giveBack: GiveBack,
): Promise<ResponseOutcome> {
  const rolledBack =
    service === undefined
      ? "nothing-in-progress"
      : await rollBackDeployment(ecs, launch, service).catch((error: unknown) => ({ error }));
  // A failed rollback is no reason to let the task run.
  const stopped = await stopTask(ecs, launch, reason, now());
  if (typeof rolledBack === "object") throw rolledBack.error;
  // Events of old tasks that have ended must not use up the budget that new tasks need.
  if (stopped === "already-stopped") await giveBack();
  if (rolledBack === "rolled-back") return "rolled-back-and-stopped";
  return rolledBack === "first-deployment" && stopped === "stopped" ? "stopped-first-deployment" : stopped;
}

import {
  type ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  type RunTaskCommandOutput,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { describeAwsError } from "../aws-error";
import type { Ledger } from "../reporting/ledger";
import type { CanaryEnvironment } from "./environment";
import type { CanaryMetrics } from "./metrics";

/** How long the denial may take, from ECS's answer that it starts the task, in milliseconds. */
const DENIED_WITHIN_MS = 60_000;
const BETWEEN_LOOKS_MS = 1000;
/**
 * How long a new permission may take to hold everywhere: "usually" within seconds (IAM user guide, "Changes that I make are not always
 * immediately visible").
 */
const PERMITTED_WITHIN_MS = 20_000;
const BETWEEN_STARTS_MS = 2000;
/** How long a run stops what others have put into its cluster, so that they cannot keep it from its own task. */
const CLEARED_WITHIN_MS = 20_000;

/** A canary that was put together. */
export interface Canary {
  readonly environment: CanaryEnvironment;
  readonly ecs: ECSClient;
  readonly ledger: Pick<Ledger, "verdictsOf">;
  readonly metrics: CanaryMetrics;
  readonly log: CanaryLog;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** The log on standard output. */
export interface CanaryLog {
  info(message: string, details: object): void;
  error(message: string, details: object): void;
}

/** Whether the verifier has denied the canary's task in time. */
export type CanaryOutcome = "denied" | "missed";

/** ECS accepted the call but started no task. */
export class CanaryNotStartedError extends Error {
  override readonly name = "CanaryNotStartedError";
}

/**
 * Starts the unsigned task in the canary's cluster, waits until the ledger has its denial, and stops it. The task need not get as far
 * as running: the verifier judges it by ECS's first event, which comes whether or not its image can be pulled, inferred
 * (canary-without-network). What an earlier run has left in the cluster, or somebody else has
 * put there, is stopped first.
 *
 * Needs `ecs:ListTasks`, `ecs:RunTask`, `ecs:StopTask`, `iam:PassRole` on the task's execution role, and `dynamodb:Query` on the ledger.
 *
 * @throws {@link CanaryNotStartedError} and errors of ECS if there is no task to judge, which says nothing about the verifier.
 */
export async function runCanary(canary: Canary): Promise<CanaryOutcome> {
  const { metrics, log } = canary;
  await stopLeftOver(canary);
  const task = await startTask(canary);
  try {
    const outcome = (await isDeniedInTime(canary, task)) ? "denied" : "missed";
    if (outcome === "denied") log.info("The canary's task was denied", { task });
    else log.error("The canary's task was not denied in time", { task, seconds: DENIED_WITHIN_MS / 1000 });
    metrics[outcome]();
    return outcome;
  } finally {
    await stopTask(canary, task);
  }
}

async function startTask(canary: Canary): Promise<string> {
  const { tasks = [], failures = [] } = await runTask(canary);
  const arn = tasks[0]?.taskArn;
  if (arn !== undefined) return arn;
  const why = failures.map(({ reason, detail }) => [reason, detail].filter((text) => text !== undefined).join(": "));
  throw new CanaryNotStartedError(
    `ECS started no task: ${why.join("; ") || "it returned neither a task nor a reason"}`,
  );
}

/** The first run may come before ECS knows the permission that the same deployment has given. */
async function runTask({ ecs, environment, now, pause }: Canary): Promise<RunTaskCommandOutput> {
  const { cluster, taskDefinition, subnets } = environment;
  const command = new RunTaskCommand({
    cluster,
    taskDefinition,
    launchType: "FARGATE",
    startedBy: "image-verification-canary",
    networkConfiguration: { awsvpcConfiguration: { subnets: [...subnets], assignPublicIp: "DISABLED" } },
  });
  const until = now() + PERMITTED_WITHIN_MS;
  for (;;) {
    try {
      return await ecs.send(command);
    } catch (error) {
      if (!isAccessDenied(error) || now() >= until) throw error;
    }
    await pause(BETWEEN_STARTS_MS);
  }
}

function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && error.name === "AccessDeniedException";
}

async function isDeniedInTime({ ledger, now, pause }: Canary, task: string): Promise<boolean> {
  const until = now() + DENIED_WITHIN_MS;
  for (;;) {
    const verdicts = await ledger.verdictsOf(task);
    if (verdicts.some(({ status }) => status === "denied")) return true;
    if (now() >= until) return false;
    await pause(BETWEEN_LOOKS_MS);
  }
}

async function stopLeftOver(canary: Canary): Promise<void> {
  const { ecs, environment, log, now } = canary;
  const until = now() + CLEARED_WITHIN_MS;
  const { cluster } = environment;
  let nextToken: string | undefined;
  try {
    do {
      const page = await ecs.send(new ListTasksCommand({ cluster, nextToken }));
      for (const task of page.taskArns ?? []) {
        if (now() >= until) return;
        await stopTask(canary, task);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    log.error("The tasks in the canary's cluster could not be listed", { reason: describeAwsError(error) });
  }
}

/** The verifier may have stopped it already, and ECS forgets ended tasks: what cannot be stopped is tried again by the next run. */
async function stopTask({ ecs, environment, log }: Canary, task: string): Promise<void> {
  try {
    await ecs.send(new StopTaskCommand({ cluster: environment.cluster, task, reason: "The canary's run has ended" }));
  } catch (error) {
    log.error("A task of the canary's cluster could not be stopped", { task, reason: describeAwsError(error) });
  }
}

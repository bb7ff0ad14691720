import { describeAwsError } from "../aws-error";
import { reasonFor } from "../detector/stop-reason";
import { parseFamily } from "../ecs/arn";
import { hasStarted, listSubjects } from "../ecs/subjects";
import { isBeyondMemory } from "../reporting/earlier-verdicts";
import type { SweepOutcome } from "../reporting/response-outcome";
import type { Verdict } from "../verification/verdict";
import { imageKey } from "./group-images";
import { listRunningTasks } from "./list-running";
import { mayStop, mayStopForgotten } from "./may-stop";
import type { RunState } from "./run-state";
import type { RunningTask } from "./running-task";
import type { SweptImage, SweptPlace } from "./swept-image";
import type { SweepWorker } from "./worker";

/** What was done about the tasks of a place. */
export interface PlaceOutcome {
  readonly outcome: SweepOutcome;
  readonly error?: string;
}

/**
 * Does about the tasks of a place what its image asks for. Never rejects.
 *
 * @param isRemembered Whether the ledger has signatures that once made the image trusted.
 */
export async function respondAt(
  worker: SweepWorker,
  { isFirst }: Pick<RunState, "isFirst">,
  image: SweptImage,
  verdict: Verdict,
  place: SweptPlace,
  isRemembered: boolean,
): Promise<PlaceOutcome> {
  if (image.status !== "denied") return { outcome: "none" };
  if (isFirst) return { outcome: "first-sweep" };
  if (worker.mode === "audit") return { outcome: "audited" };
  if (!mayStop({ image, isRemembered, trust: worker.settings.trust })) return { outcome: "trusted-before" };
  const outcomes: PlaceOutcome[] = [];
  try {
    for await (const task of tasksOf(worker, image, place)) {
      const one = await stop(worker, image, verdict, place, task);
      outcomes.push(one);
      // The other tasks of the family are over budget, too.
      if (one.outcome === "budget-used-up") break;
    }
  } catch (error) {
    outcomes.push({ outcome: "failed", error: describeAwsError(error) });
  }
  return worst(outcomes) ?? { outcome: "already-stopped" };
}

/**
 * The tasks that run the image there, now. They are looked for by their family, which a task definition decides; the group is
 * chosen by whoever starts a task.
 */
async function* tasksOf(
  { ecs, subjects }: SweepWorker,
  { key }: SweptImage,
  { cluster, group, container, task: example }: SweptPlace,
): AsyncGenerator<RunningTask> {
  const query = { cluster, family: parseFamily(example.taskDefinition) };
  for await (const tasks of listRunningTasks(ecs, query)) {
    for (const task of tasks) {
      if (task.group !== group) continue;
      const started = new Set(task.containers.filter(hasStarted).map(({ name }) => name));
      const found = await listSubjects(task, subjects);
      const runsIt = found.some(
        (subject) => subject.container === container && started.has(container) && imageKey(subject) === key,
      );
      if (runsIt) yield task;
    }
  }
}

async function stop(
  { respond, settings, now }: SweepWorker,
  image: SweptImage,
  verdict: Verdict,
  { container }: SweptPlace,
  task: RunningTask,
): Promise<PlaceOutcome> {
  if (isBeyondMemory(task, settings, now()) && !mayStopForgotten(image)) return { outcome: "trusted-before" };
  try {
    const response = await respond(task, "denied", reasonFor([{ container, verdict }]));
    if (response.state === "over-budget") return { outcome: "budget-used-up" };
    // Another invocation does it, and records it.
    return { outcome: response.state === "under-way" ? "already-stopped" : response.outcome };
  } catch (error) {
    return { outcome: "failed", error: describeAwsError(error) };
  }
}

/** What a person must know first. */
const RANKS: readonly SweepOutcome[] = [
  "failed",
  "budget-used-up",
  "trusted-before",
  "alert-only",
  "managed-daemon",
  "stopped-first-deployment",
  "rolled-back-and-stopped",
  "stopped",
  "already-stopped",
];

function worst(outcomes: readonly PlaceOutcome[]): PlaceOutcome | undefined {
  return outcomes.toSorted((one, other) => RANKS.indexOf(one.outcome) - RANKS.indexOf(other.outcome))[0];
}

import { describeAwsError } from "../aws-error";
import { reasonFor } from "../detector/stop-reason";
import { parseFamily } from "../ecs/arn";
import { hasStarted, listSubjects } from "../ecs/subjects";
import { inParallel } from "../in-parallel";
import { isBeyondMemory } from "../reporting/earlier-verdicts";
import type { SweepOutcome } from "../reporting/response-outcome";
import type { Verdict } from "../verification/verdict";
import { imageKey } from "./group-images";
import { listRunningTasks } from "./list-running";
import { isProven, mayStop, type StopFacts } from "./may-stop";
import type { RunState } from "./run-state";
import type { RunningTask } from "./running-task";
import type { SweptImage, SweptPlace } from "./swept-image";
import type { SweepWorker } from "./worker";

/** What was done about the tasks of a place. */
export interface PlaceOutcome {
  readonly outcome: SweepOutcome;
  readonly error?: string;
}

/** The places of one family in one cluster: their tasks are listed together. */
interface FamilyPlaces {
  readonly cluster: string;
  readonly family: string;
  readonly places: readonly SweptPlace[];
}

/** Families that are looked at and stopped at a time. */
const AT_ONCE = 4;
const NO_TIME: PlaceOutcome = { outcome: "failed", error: "the time was over before its tasks were looked at" };

/** What decides about an image, beside what the sweep remembers of it. */
export interface Denial {
  readonly image: SweptImage;
  readonly verdict: Verdict;
  /** Digests of the signatures that once made it trusted, as the ledger has them. */
  readonly remembered: readonly string[];
}

/**
 * Does about the tasks of an image what it asks for, at each of its places. Never rejects.
 *
 * @param isTimeLeft Whether there is time for another family of tasks. The others are left to the next sweep.
 */
export async function respondTo(
  worker: SweepWorker,
  { isFirst }: Pick<RunState, "isFirst">,
  { image, verdict, remembered }: Denial,
  places: readonly SweptPlace[],
  isTimeLeft: () => boolean,
): Promise<ReadonlyMap<SweptPlace, PlaceOutcome>> {
  const everywhere = (outcome: SweepOutcome) => new Map(places.map((place) => [place, { outcome }]));
  if (image.status !== "denied") return everywhere("none");
  if (isFirst) return everywhere("first-sweep");
  if (worker.mode === "audit") return everywhere("audited");
  const facts: StopFacts = { image, verdict, remembered, trust: worker.settings.trust, now: worker.now() };
  if (!mayStop(facts)) return everywhere("trusted-before");
  const outcomes = new Map<SweptPlace, PlaceOutcome>();
  const work = async (family: FamilyPlaces) =>
    isTimeLeft()
      ? stopFamily(worker, image, verdict, family, isProven(facts))
      : new Map(family.places.map((place) => [place, NO_TIME]));
  for await (const done of inParallel(byFamily(places), AT_ONCE, work)) {
    for (const [place, outcome] of done) outcomes.set(place, outcome);
  }
  return outcomes;
}

/** Tasks are looked for by their family, which a task definition decides; the group is chosen by whoever starts a task. */
function byFamily(places: readonly SweptPlace[]): readonly FamilyPlaces[] {
  const families = new Map<string, FamilyPlaces & { readonly places: SweptPlace[] }>();
  for (const place of places) {
    const family = parseFamily(place.task.taskDefinition);
    const key = JSON.stringify([place.cluster, family]);
    const known = families.get(key) ?? { cluster: place.cluster, family, places: [] };
    known.places.push(place);
    families.set(key, known);
  }
  return [...families.values()];
}

async function stopFamily(
  worker: SweepWorker,
  image: SweptImage,
  verdict: Verdict,
  { cluster, family, places }: FamilyPlaces,
  proven: boolean,
): Promise<ReadonlyMap<SweptPlace, PlaceOutcome>> {
  const done = new Map<SweptPlace, PlaceOutcome[]>(places.map((place) => [place, []]));
  let rest: PlaceOutcome = { outcome: "already-stopped" };
  try {
    for await (const { task, container } of tasksOf(worker, image, { cluster, family })) {
      const place = places.find((one) => one.group === task.group && one.container === container) ?? places[0];
      const outcome = await stop(worker, verdict, container, task, proven);
      if (place !== undefined) done.get(place)?.push(outcome);
      // The other tasks of the family are over budget, too.
      if (outcome.outcome === "budget-used-up") {
        rest = outcome;
        break;
      }
    }
  } catch (error) {
    rest = { outcome: "failed", error: describeAwsError(error) };
  }
  return new Map([...done].map(([place, outcomes]) => [place, worst(outcomes, rest)]));
}

/** The tasks of a family that run the image now, with one of its containers. */
async function* tasksOf(
  { ecs, subjects }: SweepWorker,
  { key }: SweptImage,
  query: { readonly cluster: string; readonly family: string },
): AsyncGenerator<{ readonly task: RunningTask; readonly container: string }> {
  for await (const tasks of listRunningTasks(ecs, query)) {
    for (const task of tasks) {
      const started = new Set(task.containers.filter(hasStarted).map(({ name }) => name));
      const found = await listSubjects(task, subjects);
      const running = found.find((subject) => started.has(subject.container) && imageKey(subject) === key);
      if (running !== undefined) yield { task, container: running.container };
    }
  }
}

async function stop(
  { respond, settings, now }: SweepWorker,
  verdict: Verdict,
  container: string,
  task: RunningTask,
  proven: boolean,
): Promise<PlaceOutcome> {
  if (isBeyondMemory(task, settings, now()) && !proven) return { outcome: "trusted-before" };
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

/** @param rest What became of tasks that were not looked at. */
function worst(outcomes: readonly PlaceOutcome[], rest: PlaceOutcome): PlaceOutcome {
  const all = rest.outcome === "already-stopped" && outcomes.length > 0 ? outcomes : [...outcomes, rest];
  return all.toSorted((one, other) => RANKS.indexOf(one.outcome) - RANKS.indexOf(other.outcome))[0] ?? rest;
}

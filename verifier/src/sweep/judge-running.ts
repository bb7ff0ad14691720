import { createHash } from "node:crypto";
import { inParallel } from "../in-parallel";
import { isBeyondMemory } from "../reporting/earlier-verdicts";
import type { LedgerVerdict } from "../reporting/ledger";
import type { SweepOutcome } from "../reporting/response-outcome";
import { hashSettings } from "../settings-hash";
import type { Subject } from "../verification/subject";
import type { Verdict } from "../verification/verdict";
import { finishIfComplete } from "./finish-sweep";
import { type PlaceNews, reportSwept } from "./report-swept";
import type { ImagePart, RunState } from "./run-state";
import { mergePlaces } from "./running-images";
import { type PlaceOutcome, respondTo } from "./stop-running";
import { isNews, newPlaces } from "./sweep-news";
import type { SweptImage, SweptPlace } from "./swept-image";
import { toSwept } from "./to-swept";
import type { SweepWorker } from "./worker";

/** An image of a run, as the queue names it. */
export interface QueuedImage {
  readonly run: string;
  readonly key: string;
}

/** Another invocation judges this image. SQS gives it again later. */
export class ImageUnderWayError extends Error {
  override readonly name = "ImageUnderWayError";
}

/** Waiting time before what could not be found out is asked again, in milliseconds. */
const PAUSES_MS = [1000, 4000];
/** Calls of the ledger at a time. */
const AT_ONCE = 8;
/** Places whose launch is looked up in the ledger: to find out whether people were told of it, and whether one was ever judged. */
const MOST_LOOKUPS = 50;
const SEEN_LOOKUPS = 10;

/**
 * Judges a running image once a run: compares the verdict with the sweep before, stops tasks where the environment wants it, tells
 * what is new, and remembers it. The last image of a run ends it.
 *
 * @param remainingMs the time that the invocation has left. What is not stopped within half of it is left to the next sweep.
 * @throws whatever keeps it from being judged, compared or told: SQS gives it again.
 */
export async function judgeRunning(
  worker: SweepWorker,
  { run, key }: QueuedImage,
  remainingMs: () => number,
): Promise<void> {
  const [state, current] = await Promise.all([worker.runs.readRun(run), worker.runs.readCurrent()]);
  // A later run judges what still runs.
  if (current !== undefined && current.run > run) return;
  const [first, ...others] = await worker.runs.readImage(run, key);
  // The ledger has forgotten the run.
  if (state === undefined || first === undefined) return;
  const once = await worker.ledger.once(`sweep#${run}`, `judged#${key}`, async () => {
    const image = await judgeOnce(worker, state, key, [first, ...others], remainingMs);
    return image.code;
  });
  if (once.state === "under-way") throw new ImageUnderWayError(`Another invocation judges ${key} of ${run}.`);
  await finishIfComplete(worker.finisher, run);
}

async function judgeOnce(
  worker: SweepWorker,
  state: RunState,
  key: string,
  parts: readonly [ImagePart, ...ImagePart[]],
  remainingMs: () => number,
): Promise<SweptImage> {
  const { runs, settings, now } = worker;
  const [{ subject, repository }] = parts;
  const [previous, remembered] = await Promise.all([runs.recall(key), recallTrusted(worker, repository, subject)]);
  const verdict = await judgePatiently(worker, subject, remainingMs);
  const places = mergePlaces(parts);
  const found = toSwept({
    key,
    run: state,
    example: parts[0],
    places,
    verdict,
    previous,
    seenAtLaunch: previous?.seenAtLaunch === true,
    judgedWith: judgedWith(worker, verdict),
    trust: settings.trust,
    now: new Date(now()),
  });
  const changed = isNews(found, previous, state) ? places : newPlaces(found, places, previous);
  const toLookUp = changed.length > 0 ? changed : places.slice(0, found.seenAtLaunch ? 0 : SEEN_LOOKUPS);
  const launches = await readLaunches(worker, toLookUp.slice(0, MOST_LOOKUPS), verdict.digest);
  const isSeen = [...launches.values()].some((known) => known !== undefined);
  const image = { ...found, seenAtLaunch: found.seenAtLaunch || isSeen };
  const reservedMs = remainingMs() / 2;
  const isTimeLeft = () => remainingMs() > reservedMs;
  const done = await respondTo(worker, state, { image, verdict, remembered }, places, isTimeLeft);
  const isNew = new Set(changed);
  const news = places.flatMap((place): PlaceNews[] => {
    const outcome = done.get(place) ?? { outcome: "none" };
    const isUntold = isNew.has(place) && !wasTold(image, previous, place, launches.get(place));
    if (!isUntold && !isAct(outcome)) return [];
    // Without a look at its launch nobody knows whether people were told; what is not new is told if something was done.
    const isForPeople = isUntold ? launches.has(place) : outcome.outcome !== "budget-used-up";
    return [{ place, ...outcome, isForPeople }];
  });
  await reportSwept(worker, state, verdict, news);
  await runs.remember(image);
  return image;
}

/** Whether the launch of a place has told what a sweep finds now, and no sweep has found otherwise in between. */
function wasTold(
  { code, before }: SweptImage,
  previous: SweptImage | undefined,
  { task }: SweptPlace,
  launch: Pick<LedgerVerdict, "code"> | undefined,
): boolean {
  if (launch?.code !== code) return false;
  const isChange = previous !== undefined && before !== undefined && before.code !== code;
  return !isChange || Date.parse(task.createdAt) > Date.parse(previous.run);
}

/** Digests of the signatures that once made the image trusted. */
async function recallTrusted(
  { ledger }: SweepWorker,
  repository: string | undefined,
  { digest }: Subject,
): Promise<readonly string[]> {
  return repository === undefined || digest === undefined ? [] : ledger.signatures.recall({ repository, digest });
}

/** That something could not be found out may be over in a moment. */
async function judgePatiently(
  { judge, pause, settings }: Pick<SweepWorker, "judge" | "pause" | "settings">,
  subject: Subject,
  remainingMs: () => number,
) {
  let verdict = await judge(subject);
  for (const milliseconds of PAUSES_MS) {
    // Time for two verifications: one to judge, one reserved for what follows from it.
    const wantedMs = milliseconds + 2 * settings.verificationTimeoutSeconds * 1000;
    if (verdict.status !== "inconclusive" || remainingMs() < wantedMs) break;
    await pause(milliseconds);
    verdict = await judge(subject);
  }
  return verdict;
}

/** What the ledger knows of the launch of each place's example. A task older than its memory counts as launched. */
async function readLaunches(
  { ledger, settings, now }: SweepWorker,
  places: readonly SweptPlace[],
  digest: string | undefined,
): Promise<ReadonlyMap<SweptPlace, Pick<LedgerVerdict, "code"> | undefined>> {
  const launches = new Map<SweptPlace, Pick<LedgerVerdict, "code"> | undefined>();
  const read = async (place: SweptPlace) => {
    const { task, container } = place;
    if (isBeyondMemory({ createdAt: new Date(task.createdAt) }, settings, now())) return { place, known: { code: "" } };
    const verdicts = await ledger.verdictsOf(task.arn);
    return { place, known: verdicts.find((one) => one.container === container && one.digest === digest) };
  };
  for await (const { place, known } of inParallel(places, AT_ONCE, read)) launches.set(place, known);
  return launches;
}

/** Whether something was done, or should have been. */
function isAct({ outcome }: PlaceOutcome): boolean {
  return !NO_ACTS.has(outcome);
}

const NO_ACTS: ReadonlySet<SweepOutcome> = new Set([
  "none",
  "audited",
  "first-sweep",
  "trusted-before",
  "already-stopped",
  "alert-only",
  "managed-daemon",
]);

/** Identifies the settings, trust document included, and the order that decided. */
function judgedWith({ settings }: SweepWorker, { order }: Verdict): string {
  return createHash("sha256")
    .update(JSON.stringify([hashSettings(settings), order]))
    .digest("hex");
}

import { createHash } from "node:crypto";
import { inParallel } from "../in-parallel";
import { isBeyondMemory } from "../reporting/earlier-verdicts";
import type { LedgerVerdict } from "../reporting/ledger";
import { hashSettings } from "../settings-hash";
import type { Subject } from "../verification/subject";
import type { Verdict } from "../verification/verdict";
import { finishIfComplete } from "./finish-sweep";
import { type PlaceNews, reportSwept } from "./report-swept";
import type { ImagePart, RunState } from "./run-state";
import { mergePlaces } from "./running-images";
import { type PlaceOutcome, respondAt } from "./stop-running";
import { isNews } from "./sweep-news";
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
/** Places of an image whose tasks are looked at and stopped at a time. */
const AT_ONCE = 4;
const NO_TIME: PlaceOutcome = { outcome: "failed", error: "the time was over before its tasks were looked at" };
/** Places whose launch is looked up in the ledger, to find out whether the image was ever launched under our eyes. */
const MOST_LOOKUPS = 10;

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
  const state = await worker.runs.readRun(run);
  const [first, ...others] = await worker.runs.readImage(run, key);
  // The ledger has forgotten the run: later ones have judged what still runs.
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
  const [previous, isRemembered] = await Promise.all([runs.recall(key), wasTrusted(worker, repository, subject)]);
  const verdict = await judgePatiently(worker, subject, remainingMs);
  const places = mergePlaces(parts);
  const found = toSwept({
    key,
    run: state,
    parts,
    verdict,
    previous,
    seenAtLaunch: previous?.seenAtLaunch === true,
    judgedWith: judgedWith(worker, verdict),
    trust: settings.trust,
    now: new Date(now()),
  });
  const news = isNews(found, previous);
  const launches =
    news || !found.seenAtLaunch ? await readLaunches(worker, places.slice(0, MOST_LOOKUPS), verdict.digest) : [];
  const image = { ...found, seenAtLaunch: found.seenAtLaunch || launches.some(({ known }) => known !== undefined) };
  const toTell: PlaceNews[] = [];
  const reservedMs = remainingMs() / 2;
  const respond = async (place: SweptPlace) => ({
    place,
    done: remainingMs() > reservedMs ? await respondAt(worker, state, image, verdict, place, isRemembered) : NO_TIME,
  });
  for await (const { place, done } of inParallel(places, AT_ONCE, respond)) {
    const known = launches.find((one) => one.place === place)?.known;
    if (hasStopped(done) || (news && known?.code !== image.code)) toTell.push({ place, ...done });
  }
  await reportSwept(worker, state, verdict, toTell);
  await runs.remember(image);
  return image;
}

/** Whether signatures are remembered that once made the image trusted. */
async function wasTrusted({ ledger }: SweepWorker, repository: string | undefined, { digest }: Subject) {
  if (repository === undefined || digest === undefined) return false;
  return (await ledger.signatures.recall({ repository, digest })).length > 0;
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
): Promise<readonly { readonly place: SweptPlace; readonly known: Pick<LedgerVerdict, "code"> | undefined }[]> {
  return Promise.all(
    places.map(async (place) => {
      const { task, container } = place;
      if (isBeyondMemory({ createdAt: new Date(task.createdAt) }, settings, now()))
        return { place, known: { code: "" } };
      const verdicts = await ledger.verdictsOf(task.arn);
      const known = verdicts.find((one) => one.container === container && one.digest === digest);
      return { place, known };
    }),
  );
}

function hasStopped({ outcome }: Pick<PlaceNews, "outcome">): boolean {
  return ![
    "none",
    "audited",
    "first-sweep",
    "trusted-before",
    "already-stopped",
    "alert-only",
    "managed-daemon",
  ].includes(outcome);
}

/** Identifies the settings, trust document included, and the order that decided. */
function judgedWith({ settings }: SweepWorker, { order }: Verdict): string {
  return createHash("sha256")
    .update(JSON.stringify([hashSettings(settings), order]))
    .digest("hex");
}

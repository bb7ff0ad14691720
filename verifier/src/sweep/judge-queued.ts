import { SWEEP_ATTEMPTS } from "./attempts";
import { finishIfComplete } from "./finish-sweep";
import { ImageUnderWayError, judgeRunning } from "./judge-running";
import { rememberNotJudged } from "./not-judged";
import { parseQueued } from "./queue";
import type { SweepWorker } from "./worker";

/** A message of the queue, as Lambda passes it on (developer guide, "Using Lambda with Amazon SQS"). */
export interface SweepMessage {
  readonly body: string;
  readonly attributes?: { readonly ApproximateReceiveCount?: string };
}

/**
 * Judges the image of a message. After the last attempt it is noted as not judged, so that its sweep can end.
 *
 * @throws whatever kept it from being judged: SQS gives the message again, or moves it to the dead-letter queue.
 */
export async function judgeQueued(
  worker: SweepWorker,
  { body, attributes }: SweepMessage,
  remainingMs: () => number,
): Promise<void> {
  try {
    await judgeRunning(worker, parseQueued(body), remainingMs);
  } catch (error) {
    worker.log.failure("An image could not be swept, and is tried again", toError(error));
    const isLast = Number(attributes?.ApproximateReceiveCount ?? 1) >= SWEEP_ATTEMPTS;
    if (isLast && !(error instanceof ImageUnderWayError)) await giveUp(worker, body);
    throw error;
  }
}

async function giveUp(worker: SweepWorker, body: string): Promise<void> {
  try {
    const { run, key } = parseQueued(body);
    const state = await worker.runs.readRun(run);
    if (state === undefined) return;
    await rememberNotJudged(worker, state, key);
    await finishIfComplete(worker.finisher, run);
  } catch (error) {
    // The next sweep ends this one.
    worker.log.failure("That an image could not be swept could not be noted", toError(error));
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

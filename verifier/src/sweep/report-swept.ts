import { inParallel } from "../in-parallel";
import { chatText } from "../reporting/chat-text";
import { deliverRecord } from "../reporting/deliver-record";
import { tellFirstUse } from "../reporting/order-use";
import { recordedArn } from "../reporting/record-schema";
import type { Verdict } from "../verification/verdict";
import { isBad } from "../verification/verdict";
import type { RunState } from "./run-state";
import type { PlaceOutcome } from "./stop-running";
import { toSweepRecord } from "./sweep-record";
import type { SweptPlace } from "./swept-image";
import type { SweepWorker } from "./worker";

/** Messages about one image in a run: the others are events, and lines of the log. */
const MOST_MESSAGES = 10;
const AT_ONCE = 8;

/** What a place is told with. */
export interface PlaceNews extends PlaceOutcome {
  readonly place: SweptPlace;
}

/**
 * Records the news about an image at each place: log line and event, and a message for people, once a run. The first sweep of an
 * environment sends no messages: its summary says it all.
 *
 * @throws an error if something could not be delivered: the image is tried again.
 */
export async function reportSwept(
  worker: SweepWorker,
  { run, isFirst }: RunState,
  verdict: Verdict,
  news: readonly PlaceNews[],
): Promise<void> {
  const errors: Error[] = [];
  const report = async ({ place, outcome, error }: PlaceNews, index: number) => {
    const { environment } = worker.settings;
    const record = toSweepRecord(place, verdict, {
      environment,
      mode: worker.mode,
      outcome,
      error,
      now: new Date(worker.now()),
    });
    const key = `sweep#${run}#${place.container}#${verdict.code}`;
    const isTold = isBad(record.status) && !isFirst && index < MOST_MESSAGES;
    const told = { ...record, count: 1 };
    const delivered = isTold
      ? await deliverRecord(worker, { ...told, chat: chatText(told, worker.logGroup) }, key, {
          about: recordedArn(record),
          key: `message#${key}`,
        })
      : await deliverRecord(worker, record, key, undefined);
    errors.push(...delivered.errors, ...(await tellFirstUse(worker, record)));
  };
  const numbered = news.map((one, index) => ({ one, index }));
  for await (const _ of inParallel(numbered, AT_ONCE, ({ one, index }) => report(one, index)));
  const [error] = errors;
  if (error !== undefined) throw error;
}

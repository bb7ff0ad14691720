import { eachInParallel } from "../in-parallel";
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

/** Messages of one run: what is beyond is on the dashboard and in the report. */
const MOST_MESSAGES_A_RUN = 100;

/** What a place is told with. */
export interface PlaceNews extends PlaceOutcome {
  readonly place: SweptPlace;
  /** Whether people get a message. */
  readonly isForPeople: boolean;
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
  const forPeople = new Set(isFirst || !isBad(verdict.status) ? [] : news.filter(isToTell).slice(0, MOST_MESSAGES));
  const report = async (one: PlaceNews) => {
    const { place, outcome, error } = one;
    const record = toSweepRecord(place, verdict, {
      environment: worker.settings.environment,
      mode: worker.mode,
      outcome,
      error,
      now: new Date(worker.now()),
    });
    const key = `sweep#${run}#${place.container}#${verdict.code}`;
    const told = { ...record, count: 1 };
    const delivered =
      forPeople.has(one) && (await isWithinLimit(worker, run, `${place.task.arn}#${key}`))
        ? await deliverRecord(worker, { ...told, chat: chatText(told, worker.logGroup) }, key, {
            about: recordedArn(record),
            key: `message#${key}`,
          })
        : await deliverRecord(worker, record, key, undefined);
    errors.push(...delivered.errors, ...(await tellFirstUse(worker, record)));
  };
  await eachInParallel(news, AT_ONCE, report);
  const [error] = errors;
  if (error !== undefined) throw error;
}

function isToTell({ isForPeople }: PlaceNews): boolean {
  return isForPeople;
}

/** Whether the run has messages left. A message that is tried again has the number that it had. */
async function isWithinLimit({ ledger }: SweepWorker, run: string, message: string): Promise<boolean> {
  const numbered = await ledger.numberInGroup(`sweep-messages#${run}`, message);
  return (numbered?.number ?? 1) <= MOST_MESSAGES_A_RUN;
}

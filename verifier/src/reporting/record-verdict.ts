import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Launch } from "../ecs/launch";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import { isBad } from "../verification/verdict";
import { isCanary } from "./canary";
import { chatText } from "./chat-text";
import { type Delivered, deliverRecord } from "./deliver-record";
import { hasNeverRun, isRemembered, tagMovedFrom, verdictKey } from "./earlier-verdicts";
import type { LedgerVerdict } from "./ledger";
import { decideTelling } from "./message-group";
import { tellFirstUse } from "./order-use";
import { type RecordContext, toRecord } from "./record";
import { recordedArn, type VerdictRecord } from "./record-schema";
import type { Reporter } from "./reporter";

/**
 * Records one container's verdict, once: log line, metrics, event, and a message for people if it is not trusted. Never
 * rejects: returns what could not be delivered, so that the other containers are still recorded.
 */
export async function recordVerdict(
  reporter: Reporter,
  one: ContainerVerdict,
  known: readonly LedgerVerdict[],
  context: Pick<RecordContext, "launch" | "response" | "responseError" | "final">,
): Promise<readonly Error[]> {
  const { ledger, settings, log, now } = reporter;
  const moved = tagMovedFrom(one, known);
  const record = toRecord(one, { ...context, settings, tagMovedFrom: moved, now: new Date(now()) });
  if (!record.final) {
    log.verdict(record);
    return [];
  }
  const delivered = await deliverNews(reporter, record, one, context.launch);
  const untold = await tellFirstUse(reporter, record);
  const isDone = delivered.isDone && untold.length === 0;
  // Not before people are notified: an ended task is not judged again once its verdict is stored.
  if (isDone && !isRemembered(one, known)) await ledger.remember(context.launch.taskArn, toRemember(one));
  return [...delivered.errors, ...untold];
}

async function deliverNews(
  reporter: Reporter,
  record: VerdictRecord,
  { container, verdict }: ContainerVerdict,
  launch: Launch,
): Promise<Delivered> {
  const key = verdictKey(container, verdict);
  if (!isBad(record.status)) return deliverRecord(reporter, record, key, undefined);
  // The response to a denial is news: for example, first that its stop waits or failed, later that the task was
  // stopped.
  const news = `${key}#${record.response}`;
  const isForPeople = !hasNeverRun(launch, container) && !isCanary(reporter.canary, record);
  if (!isForPeople) return deliverRecord(reporter, record, news, undefined);
  const telling = await decideTelling(reporter.ledger, record, news);
  if (telling === undefined) return { isDone: false, errors: [] };
  if (!telling.isTold) return deliverRecord(reporter, record, news, undefined);
  const told = { ...record, ...telling.count };
  const message = { about: recordedArn(record), key: `message#${news}` };
  return deliverRecord(reporter, { ...told, chat: chatText(told, reporter.logGroup) }, news, message);
}

function toRemember({ container, verdict }: ContainerVerdict): LedgerVerdict {
  const { digest, provisional, status, code } = verdict;
  return withoutUndefined({ container, digest, provisional, status, code });
}

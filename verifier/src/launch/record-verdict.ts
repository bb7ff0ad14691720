import { describeAwsError } from "../aws-error";
import type { ContainerVerdict } from "../launch-verdict";
import type { LaunchDetector } from "./detector";
import { tellingOf } from "./group";
import { hasNeverRun, isRemembered, tagMovedFrom, verdictKey } from "./history";
import type { LedgerVerdict } from "./ledger";
import { type RecordContext, recordOf, type VerdictRecord } from "./record";

/**
 * Records one container's verdict, once: log line, metrics, event, and a message for people if it is not trusted.
 * Never rejects: gives what could not be delivered, so that the other containers are recorded all the same.
 */
export async function recordVerdict(
  detector: LaunchDetector,
  one: ContainerVerdict,
  known: readonly LedgerVerdict[],
  context: Pick<RecordContext, "launch" | "response" | "responseError" | "final">,
): Promise<readonly Error[]> {
  const { ledger, settings, log, now } = detector;
  const moved = tagMovedFrom(one, known);
  const record = recordOf(one, { ...context, settings, tagMovedFrom: moved, now: new Date(now()) });
  if (!record.final) {
    log.verdict(record);
    return [];
  }
  if (!isRemembered(one, known)) await ledger.remember(record.task, toRemember(one));
  const key = verdictKey(one.container, one.verdict);
  if (!isBad(record)) return deliver(detector, record, key, false);
  // What came of a denial is news: first that its stop waits or has failed, say, and later that the task was stopped.
  const news = `${key}#${record.response}`;
  if (hasNeverRun(context.launch, one.container)) return deliver(detector, record, news, false);
  const telling = await tellingOf(ledger, record, news);
  if (telling === undefined) return [];
  return deliver(detector, { ...record, ...telling.count }, news, telling.isTold);
}

function isBad({ status }: VerdictRecord): boolean {
  return status === "denied" || status === "inconclusive";
}

async function deliver(
  detector: LaunchDetector,
  record: VerdictRecord,
  key: string,
  isTold: boolean,
): Promise<readonly Error[]> {
  const { ledger, delivery, metrics, log } = detector;
  const { task, container } = record;
  const steps = [
    ledger.once(task, `event#${key}`, async () => {
      log.verdict(record);
      metrics.verdict(record);
      await delivery.putEvent(record);
      return "put";
    }),
  ];
  if (isTold) {
    steps.push(
      ledger.once(task, `message#${key}`, async () => {
        await delivery.notify(record);
        return "sent";
      }),
    );
  }
  const results = await Promise.allSettled(steps);
  return results.flatMap((result) => {
    if (result.status === "fulfilled") return [];
    metrics.deliveryFailed();
    const error = new Error(`The record of ${container} could not be delivered: ${describeAwsError(result.reason)}`, {
      cause: result.reason,
    });
    log.failure(error.message, error);
    return [error];
  });
}

function toRemember({ container, verdict }: ContainerVerdict): LedgerVerdict {
  const { digest, provisional, status, code } = verdict;
  return { container, ...(digest === undefined ? {} : { digest }), provisional, status, code };
}

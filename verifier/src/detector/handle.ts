import { describeAwsError } from "../aws-error";
import { parseLaunchEvent } from "../ecs/event";
import { hasEnded, type Launch } from "../ecs/launch";
import type { LaunchVerdict } from "../ecs/launch-verdict";
import { isDeniedBefore, isHeldBack, isOutdated } from "../reporting/earlier-verdicts";
import { recordVerdict } from "../reporting/record-verdict";
import type { ResponseOutcome } from "../reporting/response-outcome";
import { decide } from "./decide";
import type { LaunchDetector } from "./detector";
import { IncompleteError, InconclusiveError, UnderWayError } from "./errors";
import { judgeEvent } from "./judge-event";
import { postponeOnce } from "./postpone";
import { endSigningTime } from "./signing-time";
import { reasonFor } from "./stop-reason";

export type { LaunchDetector } from "./detector";
export { IncompleteError, InconclusiveError, UnderWayError } from "./errors";

/** Where an event comes from: from EventBridge, or from the queue of postponed stops. */
export type EventOrigin = "event-bus" | "queue";

/** What came of an event. */
export interface HandledLaunch extends LaunchVerdict {
  /** The task is to be stopped, and waits for the next window of the budget. */
  readonly isPostponed: boolean;
}

/**
 * Handles one event: parse, judge, respond, record. Ends well, or throws so that Lambda tries again and, in the end, hands
 * the event to the failure queue: nothing is lost.
 *
 * @param remainingMs how much time the invocation has left, in milliseconds.
 * @throws EventMalformedError, {@link InconclusiveError}, {@link IncompleteError}, {@link UnderWayError}
 */
export async function handleLaunch(
  detector: LaunchDetector,
  event: unknown,
  remainingMs: () => number,
  origin: EventOrigin = "event-bus",
): Promise<HandledLaunch> {
  const { settings, metrics, now } = detector;
  const launch = parseLaunchEvent(event);
  const { judged, known } = await judgeEvent(detector, launch, remainingMs);
  if (origin === "event-bus" && !hasEnded(launch)) metrics.launchJudged(now() - launch.createdAt.getTime());
  // One age for all that follows, so that a wait that is not over here is not final there.
  const ageSeconds = (now() - launch.eventTime.getTime()) / 1000;
  const verdict = endSigningTime(judged, ageSeconds, settings);
  const containers = verdict.containers.filter((one) => !isOutdated(one, known));
  const decided = containers.filter((one) => !isHeldBack(one, launch));
  // A task in the queue was denied. That it cannot be judged now does not let it go: it waits for the next window.
  const { status, again } = decide(decided, { ageSeconds, canWait: origin === "queue" }, settings);

  const due = isDeniedBefore(launch, verdict.containers, known) ? "denied" : status;
  const response = await respond(detector, { launch, event, origin }, due, reasonFor(decided));
  if (response === "under-way") throw new UnderWayError(launch);
  const recorded = await Promise.all(
    containers.map((one) =>
      recordVerdict(detector, one, known, {
        launch,
        response: response.outcome,
        responseError: response.why,
        // What is judged again is no result yet.
        final: decided.includes(one) && (one.verdict.status !== "inconclusive" || !again),
      }),
    ),
  );
  const failures = [...(response.error === undefined ? [] : [response.error]), ...recorded.flat()];
  if (failures.length > 0) throw new IncompleteError(failures);
  if (again && !isOver(launch, response.outcome)) throw new InconclusiveError(launch, containers);
  const waitsForDigest = origin === "queue" && isLetGoByTag(launch, verdict, due);
  return { ...verdict, isPostponed: waitsForDigest || response.outcome === "budget-used-up" };
}

/**
 * What waits in the queue was denied. A tag that leads to a trusted image by now does not let it go: the ledger, which would
 * say what digest was denied, may have failed once. The task waits for a verdict on its digest, or for its end.
 */
function isLetGoByTag(launch: Launch, { containers }: LaunchVerdict, due: LaunchVerdict["status"]): boolean {
  return due === "trusted" && !hasEnded(launch) && containers.some(({ verdict }) => verdict.provisional);
}

/**
 * We have ended the task, or found it ended: there is nothing left to judge. What ECS itself reports as ended is judged
 * to the end, since no other event follows: a registry's hiccup must not be the last word on it.
 */
function isOver(launch: Launch, outcome: ResponseOutcome): boolean {
  return !hasEnded(launch) && ENDED.has(outcome);
}

const ENDED: ReadonlySet<ResponseOutcome> = new Set([
  "stopped",
  "rolled-back-and-stopped",
  "stopped-first-deployment",
  "already-stopped",
]);

interface Responded {
  readonly outcome: ResponseOutcome;
  /** What is thrown in the end, if the response failed. */
  readonly error?: Error;
  /** The same for the record, in a word. */
  readonly why?: string;
}

interface HandledEvent {
  readonly launch: Launch;
  readonly event: unknown;
  readonly origin: EventOrigin;
}

async function respond(
  detector: LaunchDetector,
  { launch, event, origin }: HandledEvent,
  status: LaunchVerdict["status"],
  reason: string,
): Promise<Responded | "under-way"> {
  const { metrics, log, now } = detector;
  const exposureMs = () => now() - launch.createdAt.getTime();
  try {
    const response = await detector.respond(launch, status, reason);
    if (response.state === "under-way") return "under-way";
    if (response.state === "over-budget") {
      // What comes from the queue is there already, and stays.
      const isNew = origin === "event-bus" && (await postponeOnce(detector, launch, event));
      if (isNew) metrics.response("budget-used-up", exposureMs());
      return { outcome: "budget-used-up" };
    }
    if (response.now) metrics.response(response.outcome, exposureMs());
    return { outcome: response.outcome };
  } catch (cause) {
    metrics.response("failed", exposureMs());
    const why = describeAwsError(cause);
    const error = new Error(`The response to ${launch.taskArn} failed: ${why}`, { cause });
    log.failure(error.message, error);
    return { outcome: "failed", error, why };
  }
}

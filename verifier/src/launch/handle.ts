import { describeAwsError } from "../aws-error";
import { parseLaunchEvent } from "../ecs/event";
import type { Launch } from "../ecs/launch";
import { judgeLaunch, type LaunchVerdict } from "../launch-verdict";
import { decide } from "./decision";
import type { LaunchDetector } from "./detector";
import { IncompleteError, InconclusiveError, UnderWayError } from "./errors";
import { isHeldBack, isOutdated } from "./history";
import { judgePatiently } from "./patience";
import { reasonFor } from "./reason";
import { recordVerdict } from "./record-verdict";
import type { ResponseOutcome } from "./respond";
import { endSigningTime } from "./signing-time";

export type { LaunchDetector, LaunchLog } from "./detector";
export { IncompleteError, InconclusiveError, UnderWayError } from "./errors";

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
): Promise<LaunchVerdict> {
  const { settings, now } = detector;
  const launch = parseLaunchEvent(event);
  const judged = await judgePatiently(() => judgeLaunch(launch, detector.judge, detector.subjects), {
    remainingMs,
    verificationMs: settings.verificationTimeoutSeconds * 1000,
    pause: detector.pause,
  });
  // One age for all that follows, so that a wait that is not over here is not final there.
  const ageSeconds = (now() - launch.eventTime.getTime()) / 1000;
  const verdict = endSigningTime(judged, ageSeconds, settings);
  detector.metrics.launchJudged(now() - launch.createdAt.getTime());
  const known = await detector.ledger.verdictsOf(launch.taskArn);
  const containers = verdict.containers.filter((one) => !isOutdated(one, known));
  const decided = containers.filter((one) => !isHeldBack(one, launch));
  const { status, again } = decide(decided, ageSeconds, settings);

  const response = await respond(detector, launch, status, reasonFor(decided));
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
  if (again && !ENDED.has(response.outcome)) throw new InconclusiveError(launch, containers);
  return verdict;
}

/** The task has ended or is about to: there is nothing left to judge. */
const ENDED: ReadonlySet<ResponseOutcome> = new Set(["stopped", "rolled-back-and-stopped", "already-stopped"]);

interface Responded {
  readonly outcome: ResponseOutcome;
  /** What is thrown in the end, if the response failed. */
  readonly error?: Error;
  /** The same for the record, in a word. */
  readonly why?: string;
}

async function respond(
  { respond, metrics, log, now }: LaunchDetector,
  launch: Launch,
  status: LaunchVerdict["status"],
  reason: string,
): Promise<Responded | "under-way"> {
  try {
    const response = await respond(launch, status, reason);
    if (response.state === "under-way") return "under-way";
    if (response.now) metrics.response(response.outcome, now() - launch.createdAt.getTime());
    return { outcome: response.outcome };
  } catch (cause) {
    metrics.response("failed", now() - launch.createdAt.getTime());
    const why = describeAwsError(cause);
    const error = new Error(`The response to ${launch.taskArn} failed: ${why}`, { cause });
    log.failure(error.message, error);
    return { outcome: "failed", error, why };
  }
}

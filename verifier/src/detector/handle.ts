import { describeAwsError } from "../aws-error";
import { parseLaunchEvent } from "../ecs/event";
import { hasEnded, type Launch } from "../ecs/launch";
import { type ContainerVerdict, type LaunchVerdict, toLaunchVerdict } from "../ecs/launch-verdict";
import { isCanaryImage } from "../reporting/canary";
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
import { trackFindings } from "./track-findings";

export type { LaunchDetector } from "./detector";
export { IncompleteError, InconclusiveError, UnderWayError } from "./errors";

/** The source of an event: EventBridge, or the queue of postponed stops. */
export type EventOrigin = "event-bus" | "queue";

/** The result of handling an event. */
export interface HandledLaunch extends LaunchVerdict {
  /** The task must be stopped, and waits for the next window of the stop budget. */
  readonly isPostponed: boolean;
}

/**
 * Handles one event: parse, judge, respond, record, and keep its findings in Security Hub. It succeeds, or it throws so that
 * Lambda retries and finally sends the event to the failure queue: no event is lost.
 *
 * @param remainingMs the time that the invocation has left, in milliseconds.
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
  // One age for all steps below, so that they agree on whether the time to wait is over.
  const ageSeconds = (now() - launch.eventTime.getTime()) / 1000;
  const verdict = toLaunchVerdict(endSigningTime(judged.containers, ageSeconds, settings));
  const containers = verdict.containers.filter((one) => !isOutdated(one, known));
  const decided = containers.filter((one) => !isHeldBack(one, launch));
  // A task in the queue was denied. An inconclusive verdict now does not release it: it waits for the next window.
  const { status, again } = decide(decided, { ageSeconds, canWait: origin === "queue" }, settings);

  const due = isDeniedBefore(launch, verdict.containers, known) ? "denied" : status;
  const response = await respond(detector, { launch, event, origin }, due, reasonFor(decided));
  if (response === "under-way") throw new UnderWayError(launch);
  // A container that is judged again has no result yet.
  const isFinal = (one: ContainerVerdict) => decided.includes(one) && (one.verdict.status !== "inconclusive" || !again);
  const isNoFinding = ({ verdict: { digest } }: ContainerVerdict) =>
    isCanaryImage(detector.canary, { cluster: launch.clusterArn, taskDefinition: launch.taskDefinitionArn, digest });
  const toTrack = containers.filter((one) => isFinal(one) && !isNoFinding(one));
  const tracked = trackFindings(detector.findings, launch, toTrack);
  const recorded = await Promise.all(
    containers.map((one) =>
      recordVerdict(detector, one, known, {
        launch,
        response: response.outcome,
        responseError: response.why,
        final: isFinal(one),
      }),
    ),
  );
  await tracked;
  const failures = [...(response.error === undefined ? [] : [response.error]), ...recorded.flat()];
  if (failures.length > 0) throw new IncompleteError(failures);
  if (again && !isOver(launch, response.outcome)) throw new InconclusiveError(launch, containers);
  const waitsForDigest = origin === "queue" && isLetGoByTag(launch, verdict, due);
  return { ...verdict, isPostponed: waitsForDigest || response.outcome === "budget-used-up" };
}

/**
 * A task in the queue was denied. If its tag now leads to a trusted image, that does not release the task: the ledger,
 * which would know the denied digest, may have failed. The task waits for a verdict on its digest, or for its end.
 */
function isLetGoByTag(launch: Launch, { containers }: LaunchVerdict, due: LaunchVerdict["status"]): boolean {
  return due === "trusted" && !hasEnded(launch) && containers.some(({ verdict }) => verdict.provisional);
}

/**
 * We stopped the task, or found it ended: there is nothing left to judge. A task that ECS itself reports as ended is
 * judged until the verdict is final, because no other event follows: a short outage of a registry must not decide it.
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
  /** The error thrown at the end, if the response failed. */
  readonly error?: Error;
  /** The same for the record, as a short text. */
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
      // An event from the queue is there already, and stays there.
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

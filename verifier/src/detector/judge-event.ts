import { hasEnded, type Launch } from "../ecs/launch";
import { judgeLaunch, type LaunchVerdict, toLaunchVerdict } from "../ecs/launch-verdict";
import { isBeyondMemory, isHeldBack, isOutdated, isSettled, withKnownDigests } from "../reporting/earlier-verdicts";
import type { LedgerVerdict } from "../reporting/ledger";
import type { LaunchDetector } from "./detector";
import { judgePatiently } from "./judge-patiently";

/** A launch's verdict, and what the ledger knew about it before. */
export interface JudgedEvent {
  readonly judged: LaunchVerdict;
  readonly known: readonly LedgerVerdict[];
}

/**
 * Judges the containers of an event. While a task runs, time matters, so the ledger is asked in parallel. When the task
 * has ended, the ledger is asked first, and only containers without a final verdict are judged: an image that was
 * trusted at its start must not raise an alarm because its signature has expired since.
 */
export async function judgeEvent(
  detector: LaunchDetector,
  launch: Launch,
  remainingMs: () => number,
): Promise<JudgedEvent> {
  const { settings, judge, subjects, ledger, now, pause } = detector;
  if (hasEnded(launch)) {
    if (isBeyondMemory(launch, settings, now())) return { judged: NOTHING, known: [] };
    const known = await ledger.verdictsOf(launch.taskArn);
    return { judged: await judgeLaunch(launch, judge, subjects, (subject) => !isSettled(subject, known)), known };
  }
  const judging = judgePatiently(() => judgeLaunch(launch, judge, subjects), {
    remainingMs,
    verificationMs: settings.verificationTimeoutSeconds * 1000,
    pause,
    isDue: ({ containers }) => containers.some((one) => one.verdict.status === "denied" && !isHeldBack(one, launch)),
  });
  const [judged, known] = await Promise.all([judging, ledger.verdictsOf(launch.taskArn)]);
  return { judged: await judgeOutdated(detector, launch, judged, known), known };
}

/**
 * A late event, for example from the queue of postponed stops, still has the tag of a container whose digest is known
 * by now. That container is judged by its digest.
 */
async function judgeOutdated(
  { judge, subjects }: LaunchDetector,
  launch: Launch,
  judged: LaunchVerdict,
  known: readonly LedgerVerdict[],
): Promise<LaunchVerdict> {
  const outdated = new Set(judged.containers.filter((one) => isOutdated(one, known)).map(({ container }) => container));
  if (outdated.size === 0) return judged;
  const again = await judgeLaunch(withKnownDigests(launch, known), judge, subjects, (subject) =>
    outdated.has(subject.container),
  );
  const containers = judged.containers.map(
    (one) => again.containers.find(({ container }) => container === one.container) ?? one,
  );
  return toLaunchVerdict(containers);
}

const NOTHING: LaunchVerdict = { status: "trusted", containers: [] };

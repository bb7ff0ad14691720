import { parseLaunchEvent } from "../ecs/event";
import type { Launch } from "../ecs/launch";
import type { SubjectsContext } from "../ecs/subjects";
import type { Judge } from "../judge";
import { type ContainerVerdict, judgeLaunch, type LaunchVerdict } from "../launch-verdict";
import type { Settings } from "../settings";
import { type Decision, decide } from "./decision";
import type { Delivery } from "./delivery";
import type { Ledger, LedgerVerdict } from "./ledger";
import type { LaunchMetrics } from "./metrics";
import { judgePatiently } from "./patience";
import { type RecordContext, recordOf, type VerdictRecord } from "./record";
import type { Responder, ResponseOutcome } from "./respond";

/** A container could not be judged yet. Thrown so that Lambda sends the event again. */
export class InconclusiveError extends Error {
  override readonly name = "InconclusiveError";
}

/** Something that was due could not be done. Thrown so that Lambda sends the event again. */
export class IncompleteError extends AggregateError {
  override readonly name = "IncompleteError";
}

/** What the launch detector works with. */
export interface LaunchDetector {
  readonly settings: Settings;
  readonly judge: Judge;
  readonly subjects: SubjectsContext;
  readonly respond: Responder;
  readonly ledger: Ledger;
  readonly delivery: Delivery;
  readonly metrics: LaunchMetrics;
  readonly log: LaunchLog;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Where the lines of the log go. */
export interface LaunchLog {
  verdict(record: VerdictRecord): void;
  failure(what: string, error: Error): void;
}

/**
 * Handles one event: parse, judge, respond, record. Ends well, or throws so that Lambda tries again and, in the end, hands
 * the event to the failure queue: nothing is lost.
 */
export async function handleLaunch(
  detector: LaunchDetector,
  event: unknown,
  remainingMs: () => number,
): Promise<LaunchVerdict> {
  const launch = parseLaunchEvent(event);
  const { settings, judge, subjects, now } = detector;
  const verdict = await judgePatiently(
    () => judgeLaunch(launch, judge, subjects),
    remainingMs,
    settings.verificationTimeoutSeconds * 1000,
  );
  detector.metrics.launchJudged(now() - launch.createdAt.getTime());
  const known = verdict.containers.some(needsHistory) ? await detector.ledger.verdictsOf(launch.taskArn) : [];
  const standing = { ...verdict, containers: verdict.containers.filter((one) => !isOutdated(one, known)) };
  const decision = decide(standing, (now() - launch.eventTime.getTime()) / 1000, settings);

  const failures: Error[] = [];
  const response = await respond(detector, launch, decision, standing, failures);
  await Promise.all(
    standing.containers.map((one) =>
      record(detector, one, contextOf(detector, launch, one, known, response), decision, failures),
    ),
  );
  if (failures.length > 0) throw new IncompleteError(failures, failures.map(({ message }) => message).join("; "));
  if (decision.again && !hasEnded(response)) throw inconclusive(launch, standing);
  return verdict;
}

/** A verdict through a tag, or on a digest that may replace one. */
function needsHistory({ verdict }: ContainerVerdict): boolean {
  return verdict.provisional || verdict.status === "denied" || verdict.digest !== undefined;
}

/** An event that comes late, with a tag, says nothing about a container whose digest has been judged. */
function isOutdated({ container, verdict }: ContainerVerdict, known: readonly LedgerVerdict[]): boolean {
  return verdict.provisional && known.some((earlier) => earlier.container === container && !earlier.provisional);
}

async function respond(
  { respond, metrics, log, now }: LaunchDetector,
  launch: Launch,
  { status }: Decision,
  { containers }: LaunchVerdict,
  failures: Error[],
): Promise<ResponseOutcome> {
  try {
    const outcome = await respond(launch, status, reasonFor(containers));
    metrics.response(outcome, now() - launch.createdAt.getTime());
    return outcome;
  } catch (error) {
    metrics.response("failed", 0);
    const failure = new Error(`The response to ${launch.taskArn} failed: ${messageOf(error)}`, { cause: error });
    log.failure(failure.message, failure);
    failures.push(failure);
    return "failed";
  }
}

/** What ECS shows for a stopped task: which image, which code. */
function reasonFor(containers: readonly ContainerVerdict[]): string {
  const [first] = containers.filter(({ verdict }) => verdict.status === "denied" || verdict.status === "inconclusive");
  if (first === undefined) return "ecs-image-verification";
  const { reference, code } = first.verdict;
  return `ecs-image-verification: ${code}: container ${first.container}, image ${reference}`;
}

function contextOf(
  { settings, now }: LaunchDetector,
  launch: Launch,
  { container, verdict }: ContainerVerdict,
  known: readonly LedgerVerdict[],
  response: ResponseOutcome,
): Omit<RecordContext, "final"> {
  const before = verdict.provisional ? undefined : known.find((one) => one.container === container && one.provisional);
  const moved = before?.digest !== undefined && before.digest !== verdict.digest;
  return { launch, settings, response, now: new Date(now()), ...(moved ? { tagMovedFrom: before.digest } : {}) };
}

async function record(
  detector: LaunchDetector,
  one: ContainerVerdict,
  context: Omit<RecordContext, "final">,
  { again }: Decision,
  failures: Error[],
): Promise<void> {
  const { ledger, delivery, metrics, log } = detector;
  const { container, verdict } = one;
  const record = recordOf(one, { ...context, final: verdict.status !== "inconclusive" || !again });
  // What is judged again is no result yet: it is logged, and that is all.
  if (!record.final) return log.verdict(record);

  const task = record.task;
  const key = [
    container,
    verdict.digest ?? verdict.reference,
    verdict.code,
    ...(record.response === "failed" ? ["failed"] : []),
  ].join("#");
  const steps = [
    ledger.once(task, `event#${key}`, async () => {
      log.verdict(record);
      metrics.verdict(record);
      await ledger.remember(task, {
        container,
        ...digestOf(record),
        provisional: verdict.provisional,
        status: verdict.status,
        code: verdict.code,
      });
      await delivery.putEvent(record);
      return "put";
    }),
  ];
  if (verdict.status === "denied" || verdict.status === "inconclusive") {
    steps.push(
      ledger.once(task, `message#${key}`, async () => {
        await delivery.notify(record);
        return "sent";
      }),
    );
  }
  for (const step of await Promise.allSettled(steps)) {
    if (step.status === "fulfilled") continue;
    metrics.deliveryFailed();
    const failure = new Error(`The record of ${container} could not be delivered: ${messageOf(step.reason)}`);
    log.failure(failure.message, failure);
    failures.push(failure);
  }
}

function digestOf({ digest }: VerdictRecord): { readonly digest?: string } {
  return digest === undefined ? {} : { digest };
}

/** The task is being stopped: there is nothing left to judge. */
function hasEnded(response: ResponseOutcome): boolean {
  return ["stopped", "rolled-back-and-stopped", "already-stopped"].includes(response);
}

function inconclusive({ taskArn }: Launch, { containers }: LaunchVerdict): InconclusiveError {
  const open = containers.filter(({ verdict }) => verdict.status === "inconclusive");
  const why = open.map(({ container, verdict }) => `${container}: ${verdict.code}: ${verdict.detail}`).join("; ");
  return new InconclusiveError(`${taskArn} could not be judged yet and is tried again. ${why}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { describeAwsError } from "../aws-error";
import { endSigningTime } from "../detector/signing-time";
import type { ContainerVerdict } from "../ecs/launch-verdict";
import type { GateOutcome } from "../reporting/response-outcome";
import { isBad } from "../verification/verdict";
import { within } from "../within";
import { askAgain, FAILED, type HookAnswer, SUCCEEDED } from "./answer";
import type { HookCall } from "./call";
import { decideAnswer } from "./decide-answer";
import { modeFor } from "./environment";
import type { Gate } from "./gate";
import { judgeTarget } from "./judge-target";
import { reportDeployment } from "./report-deployment";
import { findReprieve } from "./reprieve";
import type { ServiceDeploymentFacts } from "./service-deployment";
import { kindOfStage } from "./stage";
import type { Target } from "./target";
import { readWaiting, type Waiting } from "./waiting";

/** The time of an answer. */
export interface AnswerTime {
  /** What is left, in milliseconds. */
  readonly leftMs: () => number;
  /** Aborts when it is over, and ECS has been answered otherwise. */
  readonly signal: AbortSignal;
}

/** An answer, and what it reports: the caller answers even if that takes too long. */
export interface Handled {
  readonly answer: HookAnswer;
  /** Records and messages on their way. Never rejects. */
  readonly reported: Promise<unknown>;
}

/**
 * Answers a hook call: read what is deployed, judge, decide, report. It may reject only if something fails that nobody
 * expects: `answerCall` has an answer for that.
 */
export async function handleCall(gate: Gate, call: HookCall, { leftMs, signal }: AnswerTime): Promise<Handled> {
  const { metrics, gateLog, now } = gate;
  const kind = kindOfStage(call.stage);
  if (kind === "unknown")
    gateLog.warn("The stage is unknown to this version: let through without being judged", { call });
  if (kind !== "judged") return silently(SUCCEEDED);

  const startedAt = now();
  const [judged, deployment] = await Promise.all([judgeCall(gate, call), readDeployment(gate, call)]);
  // ECS itself goes back to what ran before. The gate must not stand in the way.
  if (deployment?.isRollingBack) {
    gateLog.warn("ECS rolls this deployment back: let through without being judged", { call });
    return silently(SUCCEEDED);
  }
  const mode = modeFor(gate.environment, call);
  const waiting = await findWaiting(gate, call, judged, deployment);
  const waitedSeconds = (now() - waiting.since) / 1000;
  const settings = { ...gate.settings, onInconclusive: gate.environment.onInconclusive };
  const containers = endSigningTime(judged?.containers ?? [], waitedSeconds, settings);
  const decision = decideAnswer(
    { mode, statuses: containers.map(({ verdict }) => verdict.status), waitedSeconds },
    settings,
  );
  const again = () => askAgain(waiting, waitedSeconds, settings.giveUpAfterSeconds);
  const finish = (
    answer: HookAnswer,
    outcome: GateOutcome,
    more: Partial<Parameters<typeof reportDeployment>[1]> = {},
  ) => {
    // ECS has had another answer by now, and this one would be recorded as given.
    if (signal.aborted) return silently(answer);
    metrics.answered(outcome, now() - startedAt);
    const facts = { call, target: judged?.target, containers, mode, outcome, ...more };
    return { answer, reported: reportDeployment(gate, facts) };
  };

  if (decision === "let-through") return finish(SUCCEEDED, "none");
  if (decision === "wait") return finish(again(), "waiting");
  if (decision === "audit") return finish(SUCCEEDED, "audited");
  // A denial that is known stays one, however long the rest takes.
  const denied = { call, containers, deployment };
  const reprieve = (await within(findReprieve(gate, denied), leftMs() * REPRIEVE_PART)) ?? { kind: "unknown" };
  if (reprieve.kind === "already-running") return finish(SUCCEEDED, "already-running");
  if (reprieve.kind === "opened") return finish(SUCCEEDED, "opened", { opening: reprieve.opening });
  // It may be the way back: an ECS that cannot be asked is no reason to block it at once.
  if (reprieve.kind === "unknown" && waitedSeconds < settings.giveUpAfterSeconds) return finish(again(), "waiting");
  return finish(FAILED, deployment?.isFirst ? "refused-first-deployment" : "refused");
}

/** The part of the time left that may go into looking for what lets a denial through. */
const REPRIEVE_PART = 0.8;

function silently(answer: HookAnswer): Handled {
  return { answer, reported: Promise.resolve() };
}

interface Judged {
  readonly target: Target;
  readonly containers: readonly ContainerVerdict[];
}

/** Undefined if what is deployed cannot be read: inconclusive, as a whole. */
async function judgeCall(gate: Gate, { revisionArn }: HookCall): Promise<Judged | undefined> {
  const { gateLog, metrics, judge, readLimitMs, judgeLimitMs } = gate;
  try {
    const target = await within(gate.readTarget(revisionArn), readLimitMs);
    if (target === undefined) throw new Error(`ECS did not answer within ${readLimitMs} ms`);
    return { target, containers: await judgeTarget(target.subjects, judge, judgeLimitMs) };
  } catch (error) {
    metrics.failed();
    gateLog.warn("What is deployed could not be read", { revisionArn, reason: describeAwsError(error) });
    return undefined;
  }
}

async function readDeployment(gate: Gate, { deploymentArn }: HookCall): Promise<ServiceDeploymentFacts | undefined> {
  try {
    return await within(gate.readDeployment(deploymentArn), gate.readLimitMs);
  } catch (error) {
    gate.gateLog.warn("The service deployment could not be read", { deploymentArn, reason: describeAwsError(error) });
    return undefined;
  }
}

/**
 * Since when the deployment waits at this stage. Where ECS's details do not say so, the ledger knows when it was first asked:
 * if ECS did not keep the details, the wait would have no end.
 */
async function findWaiting(
  { ledger, now }: Gate,
  { deploymentArn: deployment, stage, hookDetails }: HookCall,
  judged: Judged | undefined,
  facts: ServiceDeploymentFacts | undefined,
): Promise<Waiting> {
  const at = now();
  const said = readWaiting(hookDetails, { deployment, stage }, { now: at, createdAt: facts?.createdAt });
  if (said !== undefined) return said;
  const isClear = judged?.containers.every(({ verdict }) => !isBad(verdict.status));
  if (isClear) return { deployment, stage, since: at };
  const first = async () => new Date(at).toISOString();
  const asked = await ledger.once(deployment, `gate-asked#${stage}`, first).catch(() => undefined);
  const since = asked?.state === "done" ? Date.parse(asked.outcome) : at;
  return { deployment, stage, since: Number.isNaN(since) ? at : Math.min(since, at) };
}

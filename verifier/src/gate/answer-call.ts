import { within } from "../within";
import { askAgain, FAILED, type HookAnswer, SUCCEEDED } from "./answer";
import { type HookCall, parseHookCall, type UnreadableCall } from "./call";
import { type GateEnvironment, modeFor } from "./environment";
import type { Gate } from "./gate";
import { type Handled, handleCall } from "./handle-call";
import { kindOfStage } from "./stage";
import { tellUnjudged } from "./tell-unjudged";
import { readWaiting } from "./waiting";

/** No answer takes longer, in milliseconds. */
export const ANSWER_LIMIT_MS = 10_000;

/** How long an answer waits without the settings, in seconds: the default of `giveUpAfterSeconds`. */
const BLIND_WAIT_SECONDS = 150;

export interface AnswerOptions {
  readonly environment: GateEnvironment;
  /** Starts the gate, or returns the started one. May throw. */
  readonly start: () => Gate;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  /** Called for what no answer tells anybody. */
  readonly onFailure: (what: string, error: unknown) => void;
  /** Default: {@link ANSWER_LIMIT_MS}. */
  readonly limitMs?: number;
}

/**
 * Answers a hook call of ECS. Never rejects, and takes no longer than the limit, but for the report of a refusal: ECS rolls a
 * deployment back on any failure of a hook, with a text that names no cause.
 */
export async function answerCall(event: unknown, options: AnswerOptions): Promise<HookAnswer> {
  const { limitMs = ANSWER_LIMIT_MS, onFailure } = options;
  const call = parseHookCall(event);
  if ("problem" in call) {
    onFailure(`The call of ECS cannot be read: ${call.problem}`, event);
    return answerBlind(call, options);
  }
  const endsAt = performance.now() + limitMs;
  const leftMs = () => endsAt - performance.now();
  const late = new AbortController();
  let gate: Gate | undefined;
  try {
    gate = options.start();
    const handled = await within(handleCall(gate, call, { leftMs, signal: late.signal }), leftMs());
    if (handled !== undefined) return await afterReport(handled, leftMs());
    late.abort();
    onFailure(`No verdict within ${limitMs} ms`, call);
  } catch (error) {
    onFailure("The call could not be judged", error);
  }
  const answer = answerBlind(call, options);
  if (gate !== undefined && answer.hookStatus !== "IN_PROGRESS") {
    await within(tellUnjudged(gate, call, { done: BLIND_DONE[answer.hookStatus] }), REPORT_LIMIT_MS);
  }
  return answer;
}

const BLIND_DONE = {
  FAILED: "The deployment was refused, as onInconclusive says: ECS rolls it back.",
  SUCCEEDED: "NOTHING: the deployment goes on without a verdict.",
} as const;

/** How long the report of a refusal may take in any case, in milliseconds: ECS does not ask again. */
const REPORT_LIMIT_MS = 3000;

async function afterReport({ answer, reported }: Handled, leftMs: number): Promise<HookAnswer> {
  await within(reported, answer.hookStatus === "FAILED" ? Math.max(leftMs, REPORT_LIMIT_MS) : leftMs);
  return answer;
}

/**
 * The answer where nothing is known but the environment variables: inconclusive. It waits, and then does what the environment
 * does with what is inconclusive.
 */
function answerBlind(call: HookCall | UnreadableCall, { environment, now }: AnswerOptions): HookAnswer {
  if (call.stage !== undefined && kindOfStage(call.stage) !== "judged") return SUCCEEDED;
  const { stage = "unknown", hookDetails } = call;
  const deployment = "problem" in call ? call.deployment : call.deploymentArn;
  const at = now();
  const said = readWaiting(hookDetails, { deployment, stage }, { now: at, createdAt: undefined });
  const waiting = said ?? { deployment, stage, since: at };
  const waitedSeconds = (at - waiting.since) / 1000;
  if (waitedSeconds < BLIND_WAIT_SECONDS) return askAgain(waiting, waitedSeconds, BLIND_WAIT_SECONDS);
  const mode = "problem" in call ? environment.mode : modeFor(environment, call);
  return mode === "enforce" && environment.onInconclusive === "deny" ? FAILED : SUCCEEDED;
}

import assert from "node:assert/strict";
import type { Settings } from "../../verifier/src/baked-settings";
import type { EventOrigin, LaunchDetector } from "../../verifier/src/detector/handle";
import { handleLaunch } from "../../verifier/src/detector/handle";
import { hasEnded } from "../../verifier/src/ecs/launch";
import type { VerificationFacts, VerificationRequest } from "../../verifier/src/notation/protocol";
import { withOrders } from "../../verifier/src/orders/judge-with-orders";
import type { Orders } from "../../verifier/src/orders/orders";
import type { OrderNews } from "../../verifier/src/reporting/order-news";
import type { VerdictRecord } from "../../verifier/src/reporting/record-schema";
import { RESPONSE_OUTCOMES, type ResponseOutcome } from "../../verifier/src/reporting/response-outcome";
import { createJudge } from "../../verifier/src/verification/judge";
import type { SigningAnswer } from "../../verifier/src/verification/registry/managed-signing";
import { verdictCache } from "../../verifier/src/verification/verdict-cache";
import { resolve } from "../unit/trust/resolved";
import { factsOf, failedAt, notVerified, DIGEST as VALID_DIGEST, valid } from "../unit/verifier/verification/facts";
import { type AsyncInvocation, type AsyncInvocationOptions, invokeAsynchronously } from "./async-invocation";
import { type TestClock, testClock } from "./clock";
import { EVENT_TIME } from "./launch-events";
import { memoryLedger } from "./memory-ledger";
import { memoryOrders } from "./orders";

/** Settings that enforce, with some of their fields replaced. */
export function settings(changes: Partial<Settings> = {}): Settings {
  return {
    environment: "prod",
    mode: "enforce",
    onInconclusive: "alert",
    giveUpAfterSeconds: 150,
    verdictTtlSeconds: 300,
    verificationTimeoutSeconds: 10,
    maxSignatures: 50,
    stopBudget: 20,
    ledgerDays: 14,
    exemptionHours: 8,
    trust: resolve(),
    ...changes,
  };
}

/** What the notation process would find: signed by a trusted profile, not signed, Signer not reachable. */
export const signed = (digest = VALID_DIGEST): VerificationFacts =>
  factsOf({ digest, outcome: "verified", signatures: [valid] });
export const unsigned = (digest = VALID_DIGEST): VerificationFacts => factsOf({ digest });
export const signerDown = (digest = VALID_DIGEST): VerificationFacts => ({
  ...notVerified(failedAt("revocation", "unavailable", "TooManyRequestsException: slow down")),
  digest,
});

/** A detector of the tests: everything that it did is at hand. */
export interface TestDetector extends LaunchDetector {
  readonly clock: TestClock;
  readonly seen: Seen;
  /** What verification finds from now on. */
  finds(facts: (request: VerificationRequest) => VerificationFacts): void;
  /** What ECR's managed signing says from now on of every image without a signature. */
  ecrSays(answer: SigningAnswer): void;
  /** One invocation. */
  handle(event: unknown, remainingMs?: () => number, origin?: EventOrigin): ReturnType<typeof handleLaunch>;
  /** All that Lambda makes of one event. */
  invoke(event: unknown, options?: Omit<AsyncInvocationOptions, "clock">): Promise<AsyncInvocation>;
}

export interface Seen {
  readonly verifications: VerificationRequest[];
  readonly responses: (readonly [task: string, reason: string])[];
  readonly events: VerdictRecord[];
  readonly messages: VerdictRecord[];
  /** Subjects of what was told that is not about a verdict. */
  readonly announced: string[];
  readonly news: OrderNews[];
  /** Events whose stop waits. */
  readonly postponed: unknown[];
  readonly lines: VerdictRecord[];
  readonly failures: string[];
  /** Names of what was counted. */
  readonly counted: string[];
}

/** Parts of a detector that take the place of the tests' own. */
export interface TestDetectorOptions extends Partial<Omit<LaunchDetector, "settings">> {
  readonly settings?: Partial<Settings>;
  readonly clock?: TestClock;
  /** Default: no orders of the moment. */
  readonly orders?: Orders;
}

/**
 * Makes a detector with a real judge and a fake `notation`; where no parts are given, responses stop the task and
 * deliveries arrive.
 */
export function testDetector({
  settings: changes,
  clock = testClock(EVENT_TIME),
  ledger = memoryLedger(clock.now),
  orders = memoryOrders(),
  ...parts
}: TestDetectorOptions = {}): TestDetector {
  const given = settings(changes);
  const seen: Seen = {
    verifications: [],
    responses: [],
    events: [],
    messages: [],
    announced: [],
    news: [],
    postponed: [],
    lines: [],
    failures: [],
    counted: [],
  };
  let signing: SigningAnswer | undefined;
  let find: (request: VerificationRequest) => VerificationFacts = () => signed();
  const detector: LaunchDetector = {
    settings: given,
    logGroup: "/aws/lambda/verifier",
    judge: withOrders(
      createJudge({
        trust: given.trust,
        notation: {
          verify: async (request) => {
            seen.verifications.push(request);
            return find(request);
          },
        },
        credentialsFor: async () => undefined,
        askManagedSigning: async () => signing,
        cache: verdictCache({ trustedTtlMs: given.verdictTtlSeconds * 1000, max: 100, now: clock.now }),
        now: clock.now,
        deadlineMs: given.verificationTimeoutSeconds * 1000,
      }),
      orders,
      clock.now,
    ),
    subjects: { containerNames: async () => new Set(["web"]) },
    respond: async (launch, status, reason) => {
      const { taskArn } = launch;
      if (status !== "denied") return { state: "done", outcome: "none", now: false };
      if (hasEnded(launch)) {
        const ended = await ledger.once(taskArn, "response", async () => "already-stopped");
        return ended.state === "under-way" ? ended : { ...ended, outcome: outcomeOf(ended.outcome) };
      }
      const once = await ledger.once(taskArn, "response", async () => {
        seen.responses.push([taskArn, reason]);
        return "stopped" satisfies ResponseOutcome;
      });
      return once.state === "under-way" ? once : { ...once, outcome: outcomeOf(once.outcome) };
    },
    ledger,
    postpone: async (event) => void seen.postponed.push(event),
    delivery: {
      putEvent: async (record) => void seen.events.push(record),
      notify: async (record) => void seen.messages.push(record),
      announce: async ({ subject }) => void seen.announced.push(subject),
    },
    metrics: {
      verdict: ({ status }) => void seen.counted.push(`verdict ${status}`),
      response: (outcome) => void seen.counted.push(`response ${outcome}`),
      launchJudged: () => void seen.counted.push("launch judged"),
      ledgerUnavailable: () => void seen.counted.push("ledger unavailable"),
      deliveryFailed: () => void seen.counted.push("delivery failed"),
      cacheAsked: () => {},
      orderRefused: () => void seen.counted.push("order refused"),
      ordersUnavailable: () => void seen.counted.push("orders unavailable"),
      findingsUnsent: (count) => void seen.counted.push(`findings unsent ${count}`),
    },
    log: {
      verdict: (record) => void seen.lines.push(record),
      order: (one) => void seen.news.push(one),
      failure: (what) => void seen.failures.push(what),
    },
    now: clock.now,
    pause: clock.pass,
    ...parts,
  };
  const handle: TestDetector["handle"] = (event, remainingMs = () => 60_000, origin = "event-bus") =>
    handleLaunch(detector, event, remainingMs, origin);
  return {
    ...detector,
    clock,
    seen,
    finds: (facts) => {
      find = facts;
    },
    ecrSays: (answer) => {
      signing = answer;
    },
    handle,
    invoke: (event, options = {}) => invokeAsynchronously(() => handle(event), { clock, ...options }),
  };
}

function outcomeOf(text: string): ResponseOutcome {
  return RESPONSE_OUTCOMES.find((outcome) => outcome === text) ?? assert.fail(`no response: ${text}`);
}

import type { ServiceRevision } from "@aws-sdk/client-ecs";
import type { Settings } from "../../verifier/src/baked-settings";
import type { HookAnswer } from "../../verifier/src/gate/answer";
import { type AnswerOptions, answerCall } from "../../verifier/src/gate/answer-call";
import type { GateEnvironment } from "../../verifier/src/gate/environment";
import type { Gate } from "../../verifier/src/gate/gate";
import type { ServiceDeploymentFacts } from "../../verifier/src/gate/service-deployment";
import type { Opening } from "../../verifier/src/orders/opening";
import type { VerdictRecord } from "../../verifier/src/reporting/record-schema";
import type { GateOutcome } from "../../verifier/src/reporting/response-outcome";
import { imageSubject } from "../../verifier/src/verification/subject";
import type { ReasonCode, Verdict } from "../../verifier/src/verification/verdict";
import { type TestClock, testClock } from "./clock";
import { settings } from "./detector";
import { verdictOf } from "./launch";
import { DIGEST, EVENT_TIME, IMAGE } from "./launch-events";
import { memoryLedger } from "./memory-ledger";

const PLACE = "arn:aws:ecs:eu-west-1:111122223333";
export const CLUSTER = `${PLACE}:cluster/web`;
export const SERVICE = `${PLACE}:service/web/checkout`;
export const DEPLOYMENT = `${PLACE}:service-deployment/web/checkout/abc123`;
export const REVISION = `${PLACE}:service-revision/web/checkout/2`;
export const RUNNING_REVISION = `${PLACE}:service-revision/web/checkout/1`;
export const TASK_DEFINITION = `${PLACE}:task-definition/checkout:2`;

/** An opening of the gate for the service that is in force at the time of the events. */
export const OPENING: Opening = {
  kind: "open",
  id: "8f14e45f-ceea-467f-a8b3-1f2c3d4e5f60",
  service: SERVICE,
  from: "2026-06-15T11:00:00.000Z",
  until: "2026-06-15T13:00:00.000Z",
  owner: "payments",
  reason: "hotfix, signing is down",
};

/** A call of ECS, in the form of its developer guide. */
export function hookCall(stage = "PRE_SCALE_UP", changes: Readonly<Record<string, unknown>> = {}) {
  return {
    executionId: "6d3b8fc2-5a1f-4b0e-9a53-6a1cf9a0c001",
    lifecycleStage: stage,
    resourceArn: DEPLOYMENT,
    executionDetails: {
      serviceArn: SERVICE,
      targetServiceRevisionArn: REVISION,
      testTrafficWeights: {},
      productionTrafficWeights: {},
    },
    hookDetails: {},
    ...changes,
  };
}

/** A revision of the service with these digests, by the container's name. */
export function revisionWith(digests: Readonly<Record<string, string>>): ServiceRevision {
  return {
    serviceRevisionArn: RUNNING_REVISION,
    containerImages: Object.entries(digests).map(([containerName, imageDigest]) => ({
      containerName,
      imageDigest,
      image: IMAGE,
    })),
  };
}

/** A gate of the tests: everything that it did is at hand. */
export interface TestGate {
  readonly clock: TestClock;
  readonly seen: {
    readonly lines: VerdictRecord[];
    readonly events: VerdictRecord[];
    readonly messages: VerdictRecord[];
    readonly outcomes: GateOutcome[];
    readonly warnings: string[];
    readonly failures: string[];
  };
  readonly gate: Gate;
  /** One call of ECS. */
  call(event: unknown, options?: Partial<AnswerOptions>): Promise<HookAnswer>;
}

export interface TestGateOptions extends Partial<Omit<Gate, "settings" | "environment">> {
  readonly settings?: Partial<Settings>;
  readonly environment?: Partial<GateEnvironment>;
  /** The verdict on each container, by its name; default: one container without a signature. */
  readonly verdicts?: Readonly<Record<string, Partial<Verdict>>>;
  readonly deployment?: Partial<ServiceDeploymentFacts>;
  readonly running?: readonly ServiceRevision[];
  readonly opening?: Opening;
  readonly owner?: string;
}

export const ENFORCING: GateEnvironment = {
  mode: "enforce",
  enforced: [],
  onInconclusive: "alert",
  openHours: 8,
  watchedClusters: undefined,
  ownerTag: "owner",
};

/** One container with this verdict. */
export const judged = (code: ReasonCode): TestGateOptions => ({ verdicts: { web: { code } } });
export const denied = judged("no-signature");
export const inconclusive = judged("signer-unavailable");
/** The service runs what is deployed already. */
export const running = { running: [revisionWith({ web: DIGEST })] };

/** A gate whose judge says what the test wants, and whose ECS is in memory. Everything between them is real. */
export function testGate({
  settings: changes,
  environment,
  verdicts = { web: {} },
  deployment,
  running = [],
  opening,
  owner,
  ...parts
}: TestGateOptions = {}): TestGate {
  const clock = testClock(EVENT_TIME);
  const seen: TestGate["seen"] = { lines: [], events: [], messages: [], outcomes: [], warnings: [], failures: [] };
  const gate: Gate = {
    settings: settings({ mode: "audit", ...changes }),
    environment: { ...ENFORCING, ...environment },
    logGroup: "/aws/lambda/gate",
    ledger: memoryLedger(clock.now),
    delivery: {
      putEvent: async (record) => void seen.events.push(record),
      notify: async (record) => void seen.messages.push(record),
      announce: async () => {},
    },
    metrics: {
      verdict: () => {},
      deliveryFailed: () => void seen.failures.push("delivery failed"),
      answered: (outcome) => void seen.outcomes.push(outcome),
      failed: () => void seen.failures.push("failed"),
      heartbeat: () => {},
      cacheAsked: () => {},
    },
    gateLog: { warn: (message) => void seen.warnings.push(message) },
    log: {
      verdict: (record) => void seen.lines.push(record),
      order: () => {},
      failure: (what) => void seen.failures.push(what),
    },
    judge: async ({ container }) => verdictOf(verdicts[container]),
    readTarget: async () => ({
      taskDefinitionArn: TASK_DEFINITION,
      subjects: Object.keys(verdicts).map((container) =>
        imageSubject({ container, image: IMAGE, digest: DIGEST, hasStarted: false }),
      ),
    }),
    readDeployment: async () => ({
      createdAt: EVENT_TIME.getTime() - 1000,
      isRollingBack: false,
      running: running.length === 0 ? [] : [RUNNING_REVISION],
      isFirst: false,
      ...deployment,
    }),
    readRunning: async (arns) => (arns.length === 0 ? [] : running),
    ownerOf: async () => owner,
    findOpening: async () => opening,
    readLimitMs: 1000,
    judgeLimitMs: 1000,
    now: clock.now,
    ...parts,
  };
  return {
    clock,
    seen,
    gate,
    call: (event, options = {}) =>
      answerCall(event, {
        environment: gate.environment,
        start: () => gate,
        now: clock.now,
        onFailure: (what) => void seen.failures.push(what),
        ...options,
      }),
  };
}

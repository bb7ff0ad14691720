import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { GateEnvironment } from "../../../../verifier/src/gate/environment";
import type { ServiceDeploymentFacts } from "../../../../verifier/src/gate/service-deployment";
import type { Opening } from "../../../../verifier/src/orders/opening";
import { REASON_CODES, type ReasonCode, toStatus } from "../../../../verifier/src/verification/verdict";
import {
  ENFORCING,
  hookCall,
  OPENING,
  revisionWith,
  SERVICE,
  type TestGateOptions,
  testGate,
} from "../../../support/gate";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";

const code = fc.constantFrom<ReasonCode[]>(...REASON_CODES);
const stage = fc.constantFrom("PRE_SCALE_UP", "POST_SCALE_UP");
const environment: fc.Arbitrary<GateEnvironment> = fc.record({
  mode: fc.constantFrom("audit", "enforce"),
  enforced: fc.constantFrom([], [`${SERVICE}-other`]),
  onInconclusive: fc.constantFrom("alert", "deny"),
  openHours: fc.constantFrom(0, 8),
  watchedClusters: fc.constant(undefined),
  ownerTag: fc.constant(undefined),
});
const deployment: fc.Arbitrary<Partial<ServiceDeploymentFacts>> = fc.record({
  createdAt: fc.constantFrom(undefined, 0),
  isFirst: fc.boolean(),
});

/** Situations of a deployment: containers, what runs, orders, and reads that fail. */
const situation = fc.record({
  codes: fc.array(code, { minLength: 1, maxLength: 4 }),
  running: fc.constantFrom<string | undefined>(undefined, DIGEST, OTHER_DIGEST),
  opening: fc.constantFrom<Opening | undefined>(undefined, OPENING),
  environment,
  deployment,
  detectorMode: fc.constantFrom<"audit" | "enforce">("audit", "enforce"),
  unreadable: fc.constantFrom("nothing", "target", "deployment", "revisions", "ledger", "delivery"),
  waited: fc.constantFrom(0, 100, 1000),
});
type Situation = typeof situation extends fc.Arbitrary<infer One> ? One : never;

const fails = async () => {
  throw new Error("ServiceUnavailable");
};

function gateIn({ codes, running, opening, unreadable, detectorMode, ...facts }: Situation) {
  const names = codes.map((_, index) => `container-${index}`);
  const options: TestGateOptions = {
    verdicts: Object.fromEntries(names.map((name, index) => [name, { code: codes[index] ?? "no-signature" }])),
    running: running === undefined ? [] : [revisionWith(Object.fromEntries(names.map((name) => [name, running])))],
    ...(opening === undefined ? {} : { opening }),
    environment: facts.environment,
    deployment: facts.deployment,
    settings: { mode: detectorMode },
    ...(unreadable === "target" ? { readTarget: fails } : {}),
    ...(unreadable === "deployment" ? { readDeployment: fails } : {}),
    ...(unreadable === "revisions" ? { readRunning: fails } : {}),
    ...(unreadable === "delivery" ? { delivery: { putEvent: fails, notify: fails, announce: fails } } : {}),
  };
  const made = testGate(options);
  if (unreadable !== "ledger") return made;
  return testGate({ ...options, ledger: { ...made.gate.ledger, once: fails } });
}

function callOf({ waited }: Situation, at: string, now: number) {
  const since = new Date(now - waited * 1000).toISOString();
  return hookCall(at, {
    hookDetails: { ecsImageVerification: { deployment: hookCall().resourceArn, stage: at, since } },
  });
}

describe("the gate, whatever happens", () => {
  it("in audit never fails a deployment, whatever it is called with, started or not", async () => {
    const event = fc.oneof(
      fc.anything(),
      fc.record(
        {
          lifecycleStage: fc.oneof(stage, fc.string(), fc.anything()),
          resourceArn: fc.oneof(fc.constant(hookCall().resourceArn), fc.anything()),
          executionDetails: fc.oneof(fc.constant(hookCall().executionDetails), fc.anything()),
          hookDetails: fc.anything(),
        },
        { requiredKeys: [] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(situation, event, stage, fc.boolean(), async (one, anything, at, starts) => {
        const audit = { ...one, environment: { ...one.environment, mode: "audit" as const } };
        const gate = gateIn(audit);
        const start = () => (starts ? gate.gate : assert.fail("settings.json: not there"));

        for (const called of [anything, callOf(one, at, gate.clock.now())]) {
          const { hookStatus } = await gate.call(called, { start });

          assert.ok(["SUCCEEDED", "IN_PROGRESS"].includes(hookStatus), hookStatus);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("where it enforces, lets no denied container through, except one that runs already or by an opening, and says so", async () => {
    await fc.assert(
      fc.asyncProperty(situation, stage, async (one, at) => {
        const gate = gateIn({ ...one, environment: { ...one.environment, mode: "enforce" } });

        const { hookStatus } = await gate.call(callOf(one, at, gate.clock.now()));

        // Where it could not be read what is deployed, nothing is denied.
        const denied = one.unreadable !== "target" && one.codes.some((each) => toStatus(each) === "denied");
        if (!denied || hookStatus !== "SUCCEEDED") return;
        const [outcome = "none"] = gate.seen.outcomes;
        const isRunning = one.running === DIGEST && one.detectorMode === "audit";
        assert.ok(outcome === "already-running" ? isRunning : outcome === "opened" && one.opening, outcome);
        assert.ok(!one.codes.includes("digest-blocked"));
        if (outcome === "already-running") assert.ok(!one.codes.includes("signature-revoked"));
        if (one.unreadable === "ledger" || one.unreadable === "delivery") return;
        const recorded = gate.seen.events.filter(({ status }) => status === "denied");
        assert.deepEqual(
          recorded.map(({ response }) => response),
          recorded.map(() => outcome),
        );
        assert.equal(gate.seen.messages.length >= recorded.length && recorded.length > 0, true);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses a denied deployment that nothing lets through, at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(code, { maxLength: 3 }), stage, async (others, at) => {
        const codes: ReasonCode[] = [...others, "no-signature"];
        const gate = gateIn({
          codes,
          running: undefined,
          opening: undefined,
          environment: ENFORCING,
          deployment: {},
          detectorMode: "audit",
          unreadable: "nothing",
          waited: 0,
        });

        assert.deepEqual(await gate.call(hookCall(at)), { hookStatus: "FAILED" });
      }),
    );
  });
});

import assert from "node:assert/strict";
import type { GateEnvironment } from "../../../../verifier/src/gate/environment";
import {
  CLUSTER,
  denied,
  hookCall,
  inconclusive,
  judged,
  OPENING,
  revisionWith,
  running,
  SERVICE,
  type TestGateOptions,
  testGate,
} from "../../../support/gate";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";

const audit: TestGateOptions = { environment: { mode: "audit" } };
const deny: Partial<GateEnvironment> = { onInconclusive: "deny" };

/** What is asked, after how many seconds of waiting, and the answer with the recorded outcome. */
const TABLE: readonly (readonly [what: string, options: TestGateOptions, waited: number, answer: string])[] = [
  ["trusted", judged("signature-valid"), 0, "SUCCEEDED none"],
  ["exempt", judged("exempted"), 0, "SUCCEEDED none"],
  ["denied", denied, 0, "FAILED refused"],
  ["denied, audit", { ...denied, ...audit }, 0, "SUCCEEDED audited"],
  [
    "denied, audit, but this service is enforced",
    { ...denied, environment: { mode: "audit", enforced: [SERVICE] } },
    0,
    "FAILED refused",
  ],
  [
    "denied, audit, but this cluster is enforced",
    { ...denied, environment: { mode: "audit", enforced: [CLUSTER] } },
    0,
    "FAILED refused",
  ],
  [
    "denied, audit, another service is enforced",
    { ...denied, environment: { mode: "audit", enforced: [`${SERVICE}-api`] } },
    0,
    "SUCCEEDED audited",
  ],
  ["denied, first deployment", { ...denied, deployment: { isFirst: true } }, 0, "FAILED refused-first-deployment"],
  ["one of two denied", { verdicts: { web: { code: "signature-valid" }, log: {} } }, 0, "FAILED refused"],
  [
    "denied beside inconclusive: does not wait",
    { verdicts: { web: {}, log: { code: "signer-unavailable" } } },
    0,
    "FAILED refused",
  ],
  ["inconclusive", inconclusive, 0, "IN_PROGRESS waiting"],
  ["inconclusive, almost over", inconclusive, 149, "IN_PROGRESS waiting"],
  ["inconclusive, over, alert", inconclusive, 150, "SUCCEEDED none"],
  ["inconclusive, over, deny", { ...inconclusive, environment: deny }, 150, "FAILED refused"],
  [
    "inconclusive, over, deny, audit",
    { ...inconclusive, environment: { ...deny, mode: "audit" } },
    150,
    "SUCCEEDED audited",
  ],
  ["inconclusive, audit", { ...inconclusive, ...audit }, 0, "IN_PROGRESS waiting"],
  ["signing in progress", judged("signing-in-progress"), 0, "IN_PROGRESS waiting"],
  ["signing in progress, over: no signature", judged("signing-in-progress"), 150, "FAILED refused"],
  ["denied, and the same runs already", { ...denied, ...running }, 0, "SUCCEEDED already-running"],
  ["denied, audit, and the same runs already", { ...denied, ...audit, ...running }, 0, "SUCCEEDED audited"],
  ["denied, another digest runs", { ...denied, running: [revisionWith({ web: OTHER_DIGEST })] }, 0, "FAILED refused"],
  [
    "denied, it runs in another container",
    { ...denied, running: [revisionWith({ api: DIGEST })] },
    0,
    "FAILED refused",
  ],
  ["denied, only one of two runs already", { verdicts: { web: {}, log: {} }, ...running }, 0, "FAILED refused"],
  ["denied without a digest, something runs", { verdicts: { web: { digest: "" } }, ...running }, 0, "FAILED refused"],
  ["revoked, and it runs already", { ...judged("signature-revoked"), ...running }, 0, "FAILED refused"],
  ["blocked, and it runs already", { ...judged("digest-blocked"), ...running }, 0, "FAILED refused"],
  [
    "denied beside revoked, and both run already",
    {
      verdicts: { web: {}, log: { code: "signature-revoked" } },
      running: [revisionWith({ web: DIGEST, log: DIGEST })],
    },
    0,
    "FAILED refused",
  ],
  [
    "denied, it runs already, but the detector enforces",
    { ...denied, ...running, settings: { mode: "enforce" } },
    0,
    "FAILED refused",
  ],
  [
    "denied, it runs already, the detector enforces in other clusters",
    { ...denied, ...running, settings: { mode: "enforce" }, environment: { watchedClusters: [`${CLUSTER}-2`] } },
    0,
    "SUCCEEDED already-running",
  ],
  ["denied, the gate is open", { ...denied, opening: OPENING }, 0, "SUCCEEDED opened"],
  ["blocked, the gate is open", { ...judged("digest-blocked"), opening: OPENING }, 0, "FAILED refused"],
  ["inconclusive, over, deny, open", { ...inconclusive, environment: deny, opening: OPENING }, 150, "SUCCEEDED opened"],
  ["denied, ECS rolls back", { ...denied, deployment: { isRollingBack: true } }, 0, "SUCCEEDED"],
];

/** A deployment that was created before the wait began. */
function waitingFor(seconds: number, stage: string, now: number) {
  if (seconds === 0) return {};
  const since = new Date(now - seconds * 1000).toISOString();
  const deployment = hookCall().resourceArn;
  return { hookDetails: { theirs: 1, ecsImageVerification: { deployment, stage, since } } };
}

describe("the answers of the gate", () => {
  for (const stage of ["PRE_SCALE_UP", "POST_SCALE_UP"]) {
    for (const [what, options, waited, expected] of TABLE) {
      it(`${stage}: ${what}${waited > 0 ? `, after ${waited} s` : ""}: ${expected}`, async () => {
        const deployment = { createdAt: 0, ...options.deployment };
        const gate = testGate({ ...options, deployment });

        const answer = await gate.call(hookCall(stage, waitingFor(waited, stage, gate.clock.now())));

        assert.equal([answer.hookStatus, ...gate.seen.outcomes].join(" "), expected);
        assert.deepEqual(gate.seen.failures, []);
      });
    }
  }

  for (const stage of [
    "RECONCILE_SERVICE",
    "TEST_TRAFFIC_SHIFT",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
  ]) {
    it(`${stage}: nothing is judged, also where traffic goes back: SUCCEEDED`, async () => {
      const gate = testGate({ ...denied, readTarget: () => assert.fail("nothing must be read") });

      const answer = await gate.call(hookCall(stage));

      assert.deepEqual(answer, { hookStatus: "SUCCEEDED" });
      assert.deepEqual(gate.seen.warnings, []);
    });
  }

  it("a stage of a later ECS: SUCCEEDED with a warning", async () => {
    const gate = testGate(denied);

    assert.deepEqual(await gate.call(hookCall("PRE_DAWN")), { hookStatus: "SUCCEEDED" });
    assert.equal(gate.seen.warnings.length, 1);
  });

  it("understand the payload of the older page of the guide", async () => {
    const { executionDetails, ...rest } = hookCall();
    const gate = testGate(denied);

    assert.deepEqual(await gate.call({ ...rest, ...executionDetails }), { hookStatus: "FAILED" });
  });
});

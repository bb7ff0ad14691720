import assert from "node:assert/strict";
import { isCanary } from "../../../../verifier/src/reporting/canary";
import { RESPONSE_OUTCOMES } from "../../../../verifier/src/reporting/response-outcome";
import { testDetector, unsigned } from "../../../support/detector";
import { CLUSTER, DIGEST, OTHER_DIGEST, runningEvent } from "../../../support/launch-events";

const TASK_DEFINITION = String(runningEvent().detail.taskDefinitionArn);
const CANARY = { cluster: CLUSTER, taskDefinition: TASK_DEFINITION, digest: DIGEST };

describe("the task of the canary", () => {
  it("is denied, stopped, recorded and counted like others, and people are not told", async () => {
    const detector = testDetector({ canary: CANARY });
    detector.finds(() => unsigned());

    await detector.handle(runningEvent());

    assert.equal(detector.seen.responses.length, 1);
    assert.deepEqual(
      detector.seen.events.map(({ code, response, count, chat }) => [code, response, count, chat]),
      [["no-signature", "stopped", undefined, undefined]],
    );
    assert.deepEqual(detector.seen.messages, []);
    assert.deepEqual(detector.seen.counted, ["launch judged", "response stopped", "verdict denied"]);
    const { taskArn } = runningEvent().detail;
    assert.deepEqual(
      (await detector.ledger.verdictsOf(String(taskArn))).map(({ status }) => status),
      ["denied"],
    );
  });

  it("hides no other image in its cluster", async () => {
    const detector = testDetector({ canary: CANARY });
    detector.finds(() => unsigned(OTHER_DIGEST));
    const containers = [{ name: "web", imageDigest: OTHER_DIGEST }];

    await detector.handle(runningEvent({ containers }));

    assert.equal(detector.seen.messages.length, 1);
  });

  it("hides no other task with its image in its cluster", async () => {
    const detector = testDetector({ canary: CANARY });
    detector.finds(() => unsigned());
    const taskDefinitionArn = TASK_DEFINITION.replace(/[^/]+$/, "miner:1");

    await detector.handle(runningEvent({ taskDefinitionArn }));

    assert.equal(detector.seen.messages.length, 1);
  });

  it("hides no container beside it in its task", async () => {
    const detector = testDetector({ canary: CANARY });
    detector.finds(({ reference }) => unsigned(reference.includes(OTHER_DIGEST) ? OTHER_DIGEST : DIGEST));
    const containers = [
      { name: "sample", imageDigest: DIGEST },
      { name: "other", imageDigest: OTHER_DIGEST },
    ];

    await detector.handle(runningEvent({ containers }));

    assert.deepEqual(
      detector.seen.messages.map(({ container }) => container),
      ["other"],
    );
  });

  it("is told of where it is denied for another reason", async () => {
    const detector = testDetector({ canary: CANARY });
    const containers = [{ name: "sample", image: "evil.example.com/sample", imageDigest: DIGEST }];

    await detector.handle(runningEvent({ containers }));

    assert.equal(detector.seen.messages.length, 1);
  });

  for (const response of RESPONSE_OUTCOMES) {
    const expected = ["audited", "alert-only", "stopped", "already-stopped"].includes(response);
    it(`is ${expected ? "no news" : "news"} with the response ${response}`, () => {
      assert.equal(isCanary(CANARY, { ...CANARY, code: "no-signature", response }), expected);
    });
  }

  it("is news in any other cluster, with any other code, and where there is no canary", () => {
    const record = { ...CANARY, code: "no-signature", response: "stopped" } as const;

    assert.equal(isCanary(CANARY, record), true);
    assert.equal(isCanary(CANARY, { ...record, cluster: `${CLUSTER}-2` }), false);
    assert.equal(isCanary(CANARY, { ...record, code: "signature-revoked" }), false);
    assert.equal(isCanary(CANARY, { ...record, digest: OTHER_DIGEST }), false);
    assert.equal(isCanary(CANARY, { ...record, taskDefinition: `${TASK_DEFINITION}0` }), false);
    assert.equal(isCanary(undefined, record), false);
  });
});

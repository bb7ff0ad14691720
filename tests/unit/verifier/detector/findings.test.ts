import assert from "node:assert/strict";
import { isFindingsCheckRequest } from "../../../../verifier/src/detector/findings-check";
import { signed, signerDown, testDetector, unsigned } from "../../../support/detector";
import { testFindings } from "../../../support/findings";
import {
  DIGEST,
  OTHER_DIGEST,
  pendingEvent,
  REPOSITORY,
  runningEvent,
  stoppedEvent,
  TASK,
} from "../../../support/launch-events";
import { resolve } from "../../trust/resolved";

/** A detector that makes findings. */
function detectorWithFindings() {
  const findings = testFindings();
  return { findings, detector: testDetector({ findings, clock: findings.clock }) };
}

const digests = (ids: readonly string[]) => ids.map((id) => id.split("@").at(-1));

describe("findings of launches", () => {
  it("are made of a denied image, by the digest that runs", async () => {
    const { detector, findings } = detectorWithFindings();
    detector.finds(() => unsigned(DIGEST));

    await detector.handle(runningEvent());

    const id = `ecs-image-verification/111122223333/eu-west-1/prod/orders/family:worker/web/${REPOSITORY}@${DIGEST}`;
    assert.deepEqual(findings.hub.active(), [id]);
    const [finding] = findings.hub.findings.values();
    assert.equal(finding?.GeneratorId, "ecs-image-verification/no-signature");
    assert.ok(finding?.Resources?.some(({ Id }) => Id === TASK));
  });

  it("are one for all tasks of a service", async () => {
    const { detector, findings } = detectorWithFindings();
    detector.finds(() => unsigned(DIGEST));

    for (const task of [1, 2, 3]) {
      await detector.handle(runningEvent({ taskArn: `${TASK}${task}`, group: "service:shop" }));
    }

    assert.equal(findings.hub.active().length, 1);
    assert.deepEqual(findings.hub.batches, [1]);
  });

  it("are made of an image that stays inconclusive, once that is final", async () => {
    const { detector, findings } = detectorWithFindings();
    detector.finds(() => signerDown(DIGEST));
    await assert.rejects(detector.handle(runningEvent()));
    assert.deepEqual(findings.hub.active(), []);

    await detector.clock.pass(150_000);
    await detector.handle(runningEvent());

    const [finding] = findings.hub.findings.values();
    assert.equal(finding?.FindingProviderFields?.Severity?.Label, "LOW");
  });

  it("are archived when the image passes, and opened again when it does not", async () => {
    const { detector, findings } = detectorWithFindings();
    const launch = async (facts: typeof signed, task: number) => {
      detector.finds(() => facts(DIGEST));
      await detector.clock.pass(400_000);
      await detector.handle(runningEvent({ taskArn: `${TASK}${task}` }));
      return findings.hub.active().length;
    };

    assert.equal(await launch(unsigned, 1), 1);
    assert.equal(await launch(signed, 2), 0);
    assert.equal(await launch(unsigned, 3), 1);
  });

  it("are kept where a launch into the same service has the same digest from an exempt repository", async () => {
    const exempt = REPOSITORY.replace("team/", "playground/");
    const exemption = { image: exempt, owner: "team", reason: "experiments", expires: "2026-07-01" };
    const findings = testFindings();
    const trust = resolve({ exemptions: [exemption] });
    const detector = testDetector({ findings, settings: { trust } });
    detector.finds(() => unsigned(DIGEST));
    const launch = (task: string, repository: string) =>
      detector.handle(
        runningEvent({
          taskArn: task,
          group: "service:payments",
          containers: [{ name: "web", image: `${repository}:1`, imageDigest: DIGEST }],
        }),
      );
    await launch(TASK, REPOSITORY);
    const [denied] = findings.hub.active();

    await launch(`${TASK}2`, exempt);

    assert.deepEqual(findings.hub.active(), [denied]);
  });

  it("are not made of a tag, which may lead elsewhere before the task runs", async () => {
    const { detector, findings } = detectorWithFindings();
    detector.finds(() => unsigned(OTHER_DIGEST));
    await detector.handle(pendingEvent());
    assert.deepEqual(findings.hub.active(), []);

    detector.finds(() => unsigned(DIGEST));
    await detector.handle(runningEvent());

    assert.deepEqual(digests(findings.hub.active()), [DIGEST]);
  });

  it("are not made of a container that has never run", async () => {
    const { detector, findings } = detectorWithFindings();
    detector.finds(() => unsigned(DIGEST));

    await detector.handle(stoppedEvent({ containers: [{ name: "web", imageDigest: DIGEST }] }));

    assert.deepEqual(findings.hub.active(), []);
  });

  it("are made of a task that has run and ended before it was judged", async () => {
    const { detector, findings } = detectorWithFindings();
    detector.finds(() => unsigned(DIGEST));

    await detector.handle(stoppedEvent());

    assert.equal(findings.hub.active().length, 1);
  });

  for (const state of ["off", "off, as an error", "denied", "throttled"] as const) {
    it(`do not keep a task from being stopped and recorded while Security Hub is ${state}`, async () => {
      const { detector, findings } = detectorWithFindings();
      findings.hub.behave(state);
      detector.finds(() => unsigned(DIGEST));

      const { attempts } = await detector.invoke(runningEvent());

      assert.deepEqual(attempts, [undefined]);
      assert.equal(detector.seen.responses.length, 1);
      assert.equal(detector.seen.events.length, 1);
    });
  }

  it("are none in an environment without them", async () => {
    const detector = testDetector();
    detector.finds(() => unsigned(DIGEST));

    await detector.handle(runningEvent());

    assert.equal(detector.seen.events.length, 1);
  });
});

describe("the request to send findings", () => {
  it("is no event of ECS, no batch of a queue and no other check", () => {
    const requests = [{ check: "findings" }, { check: "orders" }, runningEvent(), { Records: [] }, undefined];

    assert.deepEqual(requests.map(isFindingsCheckRequest), [true, false, false, false, false]);
  });
});

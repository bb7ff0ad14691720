import assert from "node:assert/strict";
import { judgeRunning } from "../../../../verifier/src/sweep/judge-running";
import { signed, signerDown, unsigned } from "../../../support/detector";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";
import { factsOf } from "../verification/facts";
import { digestOf, revoked, serviceTask, sweepScene } from "./scene";

/** What the ledger has of a launch that was denied. */
const denied = (digest: string) =>
  ({ container: "web", digest, provisional: false, status: "denied", code: "no-signature" }) as const;

describe("what a sweep tells", function () {
  this.timeout(20_000);
  const { played, open } = sweepScene();

  it("tells from then on only what has changed, once for each service", async () => {
    played.put("shop", [serviceTask(), serviceTask(), serviceTask({ family: "api", group: "service:api" })]);
    const sweep = open();
    await sweep.sweep();
    await sweep.sweep();
    assert.deepEqual(sweep.events, []);

    sweep.finds(() => revoked(DIGEST));
    await sweep.sweep();
    await sweep.sweep();

    assert.deepEqual(
      sweep.messages.map(({ service, code, containers, response, count }) => [
        service,
        code,
        containers,
        response,
        count,
      ]),
      [
        ["web", "signature-revoked", 2, "audited", 1],
        ["api", "signature-revoked", 1, "audited", 1],
      ],
    );
    assert.deepEqual(
      sweep.summaries.map((summary) => [summary.newlyDenied, summary.newlyRevokedOrExpired]),
      [
        [0, 0],
        [0, 0],
        [1, 1],
        [0, 0],
      ],
    );
  });

  it("sends at most ten messages about an image; every service has its event", async () => {
    const services = Array.from({ length: 30 }, (_, index) =>
      serviceTask({ family: `s${index}`, group: `service:s${index}` }),
    );
    played.put("shop", services);
    const sweep = open();
    await sweep.sweep();

    sweep.finds(() => revoked(DIGEST));
    await sweep.sweep();

    assert.equal(sweep.messages.length, 10);
    assert.equal(new Set(sweep.events.map(({ service }) => service)).size, 30);
  });

  it("does not tell again what the launch has told", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await sweep.sweep();
    await sweep.worker.ledger.remember(played.taskArn("shop", 0), denied(OTHER_DIGEST));

    played.put("shop", [serviceTask({}, OTHER_DIGEST)]);
    sweep.finds((request) => unsigned(digestOf(request)));
    await sweep.sweep();

    assert.deepEqual(sweep.events, []);
    assert.equal(sweep.summaries[1]?.neverLaunched, 0);
  });

  it("looks the launches of fifty places up; beyond them nobody gets a message", async () => {
    const sweep = open();
    await sweep.sweep();
    const tasks = Array.from({ length: 60 }, (_, index) =>
      serviceTask({ family: `s${index}`, group: `service:s${index}` }),
    );
    played.put("shop", tasks);
    for (const index of tasks.keys()) {
      await sweep.worker.ledger.remember(played.taskArn("shop", index), denied(DIGEST));
    }
    const asked: string[] = [];
    const { ledger } = sweep.worker;
    const verdictsOf = (task: string) => {
      asked.push(task);
      return ledger.verdictsOf(task);
    };
    sweep.finds(() => unsigned());
    const image = await sweep.queueNext();

    await judgeRunning({ ...sweep.worker, ledger: { ...ledger, verdictsOf } }, image, () => 120_000);

    assert.deepEqual([asked.length, sweep.events.length, sweep.messages.length], [50, 10, 0]);
  });

  it("sends no message when a denied image is trusted again, only an event", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    sweep.finds(() => unsigned());
    await sweep.sweep();
    sweep.finds(() => signed());
    await sweep.sweep();

    assert.deepEqual([sweep.messages.length, sweep.events.at(-1)?.code], [0, "signature-valid"]);
  });

  it("does not tell a change that a launch has told since the sweep before", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await sweep.sweep();
    played.put("shop", [serviceTask({ createdAt: new Date(sweep.clock.now() + 60_000) })]);
    await sweep.worker.ledger.remember(played.taskArn("shop", 0), denied(DIGEST));
    sweep.finds(() => unsigned());
    await sweep.sweep();

    assert.deepEqual(sweep.messages, []);
  });

  it("tells what the launch has told otherwise", async () => {
    const sweep = open();
    await sweep.sweep();
    played.put("shop", [serviceTask()]);
    await sweep.worker.ledger.remember(played.taskArn("shop", 0), denied(DIGEST));
    sweep.finds(() => revoked(DIGEST));
    await sweep.sweep();

    assert.deepEqual(
      sweep.messages.map(({ code }) => code),
      ["signature-revoked"],
    );
  });

  it("tells of a denied image where it did not run before, once its launch could have been told", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    sweep.finds(() => unsigned());
    await sweep.sweep();

    const launching = serviceTask({
      family: "new",
      group: "service:new",
      createdAt: new Date(sweep.clock.now() + 3_599_000),
    });
    const api = serviceTask({ family: "api", group: "service:api" });
    played.put("shop", [serviceTask(), api, launching]);
    await sweep.sweep();

    assert.deepEqual(
      sweep.messages.map(({ service }) => service),
      ["api"],
    );
  });

  it("tells of a denial that a launch has told before the image was trusted in between", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await sweep.worker.ledger.remember(played.taskArn("shop", 0), denied(DIGEST));
    await sweep.sweep();
    await sweep.sweep();

    sweep.finds(() => unsigned(DIGEST));
    await sweep.sweep();

    assert.deepEqual(
      sweep.messages.map(({ code }) => code),
      ["no-signature"],
    );
  });

  it("tells of a denied image that was gone and runs again", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    sweep.finds(() => unsigned());
    await sweep.sweep();
    played.put("shop", []);
    await sweep.sweep();

    played.put("shop", [serviceTask()]);
    await sweep.sweep();

    assert.deepEqual(
      sweep.messages.map(({ code }) => code),
      ["no-signature"],
    );
  });

  it("tells what could not be found out twice in a row, for whatever reasons", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await sweep.sweep();

    sweep.finds(() => signerDown());
    await sweep.sweep();
    assert.equal(sweep.messages.length, 0);
    sweep.finds(() => factsOf({ outcome: "failed", error: { kind: "unavailable", detail: "503", stage: "resolve" } }));
    await sweep.sweep();
    await sweep.sweep();

    assert.deepEqual(
      sweep.messages.map(({ code }) => code),
      ["registry-unavailable"],
    );
  });
});

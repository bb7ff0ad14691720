import assert from "node:assert/strict";
import { coordinate } from "../../../../verifier/src/sweep/coordinate";
import { judgeRunning } from "../../../../verifier/src/sweep/judge-running";
import { signed, unsigned } from "../../../support/detector";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";
import { factsOf, failedAt, notVerified, SIGNATURE, valid } from "../verification/facts";
import { digestOf, revoked, serviceTask, sweepScene } from "./scene";

describe("the sweep, where somebody attacks", function () {
  this.timeout(20_000);
  const { played, open, ...scene } = sweepScene();

  it("stops a revoked image behind sixty other signatures, and counts it as newly revoked", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open({ mode: "enforce" });
    await sweep.sweep();

    const others = Array.from({ length: 60 }, (_, index) => ({
      ...failedAt("integrity"),
      digest: `sha256:${index.toString(16).padStart(64, "0")}`,
    }));
    const signatures = [...others, failedAt("revocation", "revoked")];
    sweep.finds(() => factsOf({ digest: DIGEST, outcome: "too-many-signatures", signatures, pages: 3 }));
    await sweep.sweep();

    assert.equal(played.stopped.size, 1);
    assert.equal(sweep.summaries[1]?.newlyRevokedOrExpired, 1);
  });

  it("leaves production running if somebody removes a signature and pushes one that has expired", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open({ mode: "enforce" });
    sweep.finds(() => ({ ...signed(DIGEST), signatures: [{ ...valid, digest: OTHER_DIGEST }] }));
    await sweep.sweep();

    sweep.finds(() => ({ ...notVerified(failedAt("expiry")), digest: DIGEST }));
    await sweep.sweep();
    sweep.finds(() => revoked(DIGEST));
    await sweep.sweep();

    assert.notEqual(SIGNATURE, OTHER_DIGEST);
    assert.equal(played.stopped.size, 0);
    assert.deepEqual(
      sweep.messages.map(({ response }) => response),
      ["trusted-before", "trusted-before"],
    );
  });

  it("lists the tasks of a family once, however many groups they were started with", async () => {
    const tasks = Array.from({ length: 30 }, (_, index) => serviceTask({ group: `group-${index}`, family: "job" }));
    played.put("shop", tasks);
    const sweep = open({ mode: "enforce", settings: { stopBudget: 1000 } });
    await sweep.sweep();

    sweep.finds(() => revoked(DIGEST));
    await sweep.sweep();

    assert.equal(played.stopped.size, 30);
    assert.equal(scene.calls("ECS.ListTasks").filter(({ input }) => "family" in input).length, 1);
  });

  it("sees an image in tasks that ECS wants to end, which may take as long as their task definition says", async () => {
    played.put("shop", [serviceTask(), serviceTask({ isStopping: true }, OTHER_DIGEST)]);
    const sweep = open();
    sweep.finds((request) => (digestOf(request) === DIGEST ? signed(DIGEST) : unsigned(OTHER_DIGEST)));

    await sweep.sweep();

    assert.deepEqual(sweep.summaries[0]?.byCode.map(({ code, containers }) => [code, containers]).sort(), [
      ["no-signature", 1],
      ["signature-valid", 1],
    ]);
  });

  it("refuses a run in the future, which no sweep could follow", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();

    await assert.rejects(
      coordinate(sweep.coordinator, "2099-01-01T00:00:00Z", () => 900_000),
      /The run 2099-01-01T00:00:00Z is in the future/,
    );

    await sweep.sweep();
    assert.equal(sweep.summaries.length, 1);
  });

  it("begins a run although the one before it cannot be ended", async () => {
    played.put("shop", [serviceTask(), serviceTask({}, OTHER_DIGEST)]);
    const sweep = open();
    await coordinate(sweep.coordinator, await sweep.nextRun(), () => 900_000);
    sweep.queue.length = 0;
    const finisher = { ...sweep.coordinator.finisher, readImages: async () => Promise.reject(new Error("too large")) };

    await coordinate({ ...sweep.coordinator, finisher }, await sweep.nextRun(), () => 900_000);
    await sweep.judgeAll();

    assert.deepEqual(
      sweep.summaries.map(({ judged }) => judged),
      [2],
    );
  });

  it("does not judge for a run that a later one has followed", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await coordinate(sweep.coordinator, await sweep.nextRun(), () => 900_000);
    const [late] = sweep.queue.splice(0);
    assert.ok(late !== undefined);
    await sweep.sweep();
    const judged = sweep.verifications.length;

    await judgeRunning(sweep.worker, late, () => 120_000);

    assert.equal(sweep.verifications.length, judged);
  });

  it("ends although names are as long as ECS lets them be, at more places than an item holds", async () => {
    const long = (index: number) => `${index.toString().padStart(4, "0")}-${"x".repeat(250)}`;
    const tasks = Array.from({ length: 600 }, (_, index) =>
      serviceTask({ family: long(index), group: `service:${long(index)}` }),
    );
    played.put("shop", tasks);
    const sweep = open();
    sweep.finds(() => unsigned());

    await sweep.sweep();

    const [summary] = sweep.summaries;
    assert.deepEqual([summary?.containers, summary?.judged], [600, 600]);
    const [image] = sweep.reconciled[0]?.images ?? [];
    assert.ok(image !== undefined);
    assert.equal(image.places.length + image.morePlaces, 600);
    assert.ok(Buffer.byteLength(JSON.stringify(image)) < 150_000);
  });

  it("keeps a service in sight behind many tasks of one family", async () => {
    const tasks = Array.from({ length: 400 }, (_, index) => serviceTask({ group: `group-${index}`, family: "job" }));
    played.put("shop", [...tasks, ...tasks, serviceTask()]);
    const sweep = open();

    await sweep.sweep();

    const [image] = sweep.reconciled[0]?.images ?? [];
    assert.ok(image?.places.some(({ group }) => group === "service:web"));
  });

  it("sends at most a hundred messages in a run, and an event for every image", async () => {
    const digest = (index: number) => `sha256:${index.toString(16).padStart(64, "0")}`;
    const tasks = Array.from({ length: 130 }, (_, index) =>
      serviceTask({ family: `s${index}`, group: `service:s${index}` }, digest(index)),
    );
    const sweep = open();
    await sweep.sweep();

    played.put("shop", tasks);
    sweep.finds((request) => unsigned(digestOf(request)));
    await sweep.sweep();

    assert.equal(sweep.messages.length, 100);
    assert.equal(sweep.events.length, 130);
  });
});

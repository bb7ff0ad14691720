import assert from "node:assert/strict";
import { coordinate } from "../../../../verifier/src/sweep/coordinate";
import { signed, signerDown, unsigned } from "../../../support/detector";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";
import { block, exemption, memoryOrders } from "../../../support/orders";
import { daysBefore, digestOf, serviceTask, sweepScene } from "./scene";

describe("the sweep", function () {
  this.timeout(20_000);
  const { played, open } = sweepScene();

  it("judges each digest of a repository once, however many containers run it", async () => {
    played.put("shop", Array(250).fill(serviceTask()));
    played.put("jobs", [serviceTask({ group: "family:job", family: "job" }), serviceTask({}, OTHER_DIGEST)]);
    const sweep = open();
    sweep.finds((request) => signed(digestOf(request)));

    const run = await sweep.sweep();

    assert.deepEqual(sweep.verifications.map(digestOf).sort(), [DIGEST, OTHER_DIGEST]);
    const [summary] = sweep.summaries;
    assert.deepEqual(
      [summary?.run, summary?.clusters, summary?.tasks, summary?.containers, summary?.judged, summary?.images],
      [run, 2, 252, 252, 252, 2],
    );
  });

  it("tells the first time one summary, and stops nothing", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open({ mode: "enforce" });
    sweep.finds(() => unsigned());

    await sweep.sweep();

    assert.deepEqual(sweep.messages, []);
    assert.deepEqual(
      sweep.announced.map(({ subject }) => subject),
      ["FIRST SWEEP of prod: 1 containers, 1 judged"],
    );
    assert.match(sweep.announced[0]?.text ?? "", /^Denied {4}1 container: no-signature 1 \(1 image\)$/m);
    assert.deepEqual(
      sweep.events.map(({ enforcementPoint, response, containers }) => [enforcementPoint, response, containers]),
      [["sweep", "first-sweep", 1]],
    );
    assert.equal(played.stopped.size, 0);
  });

  it("leaves the canary's task out, and nothing else of its cluster", async () => {
    const others = [serviceTask({}, OTHER_DIGEST), serviceTask({ family: "miner" })];
    const cluster = played.put("canary", [serviceTask(), ...others]);
    played.put("shop", [serviceTask()]);
    const taskDefinition = `${cluster.replace(/cluster\/.*$/, "task-definition")}/${serviceTask().family}:1`;
    const sweep = open({ canary: { cluster, taskDefinition, digest: DIGEST } });
    sweep.finds((request) => signed(digestOf(request)));

    await sweep.sweep();

    const [summary] = sweep.summaries;
    assert.deepEqual([summary?.tasks, summary?.containers, summary?.images], [4, 3, 2]);
  });

  it("counts what was started since it watches and was never judged at its launch", async () => {
    const sweep = open();
    await sweep.sweep();
    const now = sweep.clock.now();
    const unseen = serviceTask({ createdAt: new Date(now + 60_000) });
    const old = serviceTask({ createdAt: daysBefore(1), family: "old" }, OTHER_DIGEST);

    played.put("shop", [unseen, old]);
    sweep.finds((request) => signed(digestOf(request)));
    await sweep.sweep();

    assert.deepEqual(
      sweep.summaries.map(({ neverLaunched }) => neverLaunched),
      [0, 1],
    );
  });

  it("queues the images of each run in another order", async () => {
    const digest = (index: number) => `sha256:${index.toString(16).padStart(64, "0")}`;
    played.put(
      "shop",
      Array.from({ length: 20 }, (_, index) => serviceTask({}, digest(index))),
    );
    const sweep = open();
    const orders: string[][] = [];
    for (let round = 0; round < 2; round += 1) {
      await coordinate(sweep.coordinator, await sweep.nextRun(), () => 900_000);
      orders.push(sweep.queue.splice(0).map(({ key }) => key));
    }

    // The same order comes once in some 10^18 times.
    assert.notDeepEqual(orders[0], orders[1]);
    assert.deepEqual(orders[0]?.toSorted(), orders[1]?.toSorted());
  });

  it("takes a run a few minutes ahead of the clock, and none beyond", async () => {
    const sweep = open();
    const inMinutes = (minutes: number) => new Date(sweep.clock.now() + minutes * 60_000).toISOString();

    await coordinate(sweep.coordinator, inMinutes(4), () => 900_000);
    await assert.rejects(
      coordinate(sweep.coordinator, inMinutes(6), () => 900_000),
      /is in the future/,
    );
  });

  describe("what was never launched under our eyes", () => {
    /** A task that was started after the first sweep. */
    const started = (now: number) => serviceTask({ createdAt: new Date(now + 60_000) });
    const launched = (digest: string) =>
      ({ container: "web", digest, provisional: false, status: "trusted", code: "signature-valid" }) as const;

    it("is not what the ledger knows from its launch, in another task of it neither", async () => {
      const sweep = open();
      await sweep.sweep();
      played.put("shop", [started(sweep.clock.now())]);
      await sweep.worker.ledger.remember(played.taskArn("shop", 0), launched(DIGEST));
      await sweep.sweep();
      played.put("shop", [serviceTask({ isGone: true }), started(sweep.clock.now())]);
      await sweep.sweep();

      assert.deepEqual(
        sweep.summaries.map(({ neverLaunched }) => neverLaunched),
        [0, 0, 0],
      );
    });

    it("is what was launched with another digest", async () => {
      const sweep = open();
      await sweep.sweep();
      played.put("shop", [started(sweep.clock.now())]);
      await sweep.worker.ledger.remember(played.taskArn("shop", 0), launched(OTHER_DIGEST));
      await sweep.sweep();

      assert.equal(sweep.summaries[1]?.neverLaunched, 1);
    });

    it("is not what is older than the ledger's memory: nobody knows", async () => {
      const sweep = open({ settings: { ledgerDays: 1 } });
      await sweep.sweep();
      const task = started(sweep.clock.now());
      await sweep.clock.pass(2 * 86_400_000);
      played.put("shop", [task]);
      await sweep.sweep();

      assert.equal(sweep.summaries[1]?.neverLaunched, 0);
    });
  });

  describe("what could not be found out", () => {
    it("is asked again, and is no news when it can be found out the next time", async () => {
      played.put("shop", [serviceTask()]);
      const sweep = open();
      await sweep.sweep();
      let asked = 0;
      sweep.finds(() => {
        asked += 1;
        return asked < 3 ? signerDown() : signed();
      });
      await sweep.sweep();
      assert.equal(asked, 3);

      sweep.finds(() => signerDown());
      await sweep.sweep();
      sweep.finds(() => signed());
      await sweep.sweep();

      assert.deepEqual(sweep.events, []);
      assert.deepEqual(
        sweep.summaries.map(({ judged, containers }) => [judged, containers]),
        [
          [1, 1],
          [1, 1],
          [0, 1],
          [1, 1],
        ],
      );
    });

    it("is told once, when it could not be found out twice in a row", async () => {
      played.put("shop", [serviceTask()]);
      const sweep = open({ mode: "enforce" });
      await sweep.sweep();

      sweep.finds(() => signerDown());
      for (let round = 0; round < 4; round += 1) await sweep.sweep();

      assert.deepEqual(
        sweep.messages.map(({ code }) => code),
        ["signer-unavailable"],
      );
      assert.equal(played.stopped.size, 0);
    });

    it("does not hide that an image was denied before: the denial after it is no news", async () => {
      played.put("shop", [serviceTask()]);
      const sweep = open();
      sweep.finds(() => unsigned());
      await sweep.sweep();
      sweep.finds(() => signerDown());
      await sweep.sweep();
      sweep.finds(() => unsigned());
      await sweep.sweep();

      assert.deepEqual(sweep.messages, []);
      assert.equal(sweep.summaries.at(-1)?.newlyDenied, 0);
    });
  });

  describe("orders of the moment", () => {
    it("a block stops a trusted image", async () => {
      played.put("shop", [serviceTask()]);
      const before = open({ mode: "enforce" });
      await before.sweep();

      const after = open({ mode: "enforce", clock: before.clock, orders: memoryOrders(block()) });
      await after.sweep();

      assert.equal(played.stopped.size, 1);
      assert.deepEqual(
        after.events.map(({ code, order }) => [code, order?.kind]),
        [["digest-blocked", "block"]],
      );
    });

    it("an exemption lets it run while it lasts", async () => {
      played.put("shop", [serviceTask()]);
      const sweep = open({ mode: "enforce", orders: memoryOrders(exemption()) });
      sweep.finds(() => unsigned());
      await sweep.sweep();
      await sweep.sweep();
      assert.deepEqual(
        [sweep.summaries[1]?.exempted, sweep.summaries[1]?.exemptionsEnding, played.stopped.size],
        [1, 1, 0],
      );

      await sweep.clock.pass(4 * 3_600_000);
      await sweep.sweep();

      assert.equal(played.stopped.size, 1);
    });
  });
});

import assert from "node:assert/strict";
import { AwsRefusal } from "../../../../local/aws-answers";
import { SWEEP_ATTEMPTS } from "../../../../verifier/src/sweep/attempts";
import { coordinate } from "../../../../verifier/src/sweep/coordinate";
import { judgeQueued } from "../../../../verifier/src/sweep/judge-queued";
import { judgeRunning } from "../../../../verifier/src/sweep/judge-running";
import type { Subject } from "../../../../verifier/src/verification/subject";
import { signerDown } from "../../../support/detector";
import { DIGEST, OTHER_DIGEST } from "../../../support/launch-events";
import { revoked, serviceTask, sweepScene } from "./scene";

describe("a sweep after what went wrong", function () {
  this.timeout(20_000);
  const scene = sweepScene();
  const { played, open } = scene;

  it("goes on where an invocation ran out of time", async () => {
    for (const cluster of ["a", "b", "c", "d", "e", "f"]) played.put(cluster, Array(120).fill(serviceTask()));
    const sweep = open();
    const run = await sweep.nextRun();
    let left = 8;
    const shortly = () => {
      left -= 1;
      return left > 0 ? 900_000 : 0;
    };
    let invocations = 0;
    do {
      left = 8;
      sweep.later.length = 0;
      await coordinate(sweep.coordinator, run, shortly);
      invocations += 1;
    } while (sweep.later.length > 0);
    await sweep.judgeAll();

    assert.ok(invocations > 1);
    assert.deepEqual(
      sweep.summaries.map(({ clusters, tasks, containers, judged }) => [clusters, tasks, containers, judged]),
      [[6, 720, 720, 720]],
    );
    assert.equal(sweep.verifications.length, 1);
  });

  it("judges an image once that is queued twice, and ends the run once", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    const run = await sweep.nextRun();
    await coordinate(sweep.coordinator, run, () => 900_000);
    await coordinate(sweep.coordinator, run, () => 900_000);
    assert.equal(sweep.queue.length, 2);

    await sweep.judgeAll();

    assert.equal(sweep.verifications.length, 1);
    assert.equal(sweep.summaries.length, 1);
  });

  it("leaves out a cluster that cannot be read, and says so; it is tried three times", async () => {
    played.put("shop", [serviceTask()]);
    const broken = played.put("broken", [serviceTask()]);
    let refusals = 0;
    scene.refuse = ({ cluster }) => {
      if (cluster !== broken) return;
      refusals += 1;
      throw new AwsRefusal("AccessDeniedException", "not allowed to ecs:ListTasks");
    };
    const sweep = open();

    await sweep.sweep();

    assert.equal(refusals, 3);
    const [summary] = sweep.summaries;
    assert.deepEqual([summary?.clusters, summary?.containers, summary?.judged], [1, 1, 1]);
    assert.deepEqual(summary?.unread, [
      { place: broken, error: "AccessDeniedException: not allowed to ecs:ListTasks" },
    ]);
  });

  it("begins a cluster anew if ECS no longer knows the token, and counts nothing twice", async () => {
    played.put("shop", Array(250).fill(serviceTask()));
    const sweep = open();
    const run = await sweep.nextRun();
    let calls = 0;
    await coordinate(sweep.coordinator, run, () => {
      calls += 1;
      // Enough to begin reading, and not to end it.
      return calls < 3 ? 900_000 : 0;
    });
    assert.deepEqual(sweep.later, [run]);
    scene.refuse = ({ nextToken }) => {
      if (nextToken === undefined) return;
      scene.refuse = () => {};
      throw new AwsRefusal("InvalidParameterException", "Invalid token");
    };

    await coordinate(sweep.coordinator, run, () => 900_000);
    await sweep.judgeAll();

    const [summary] = sweep.summaries;
    assert.deepEqual([summary?.tasks, summary?.containers, summary?.judged], [250, 250, 250]);
  });

  it("ends an earlier run of which an image could not be judged, and says what is missing", async () => {
    played.put("shop", [serviceTask(), serviceTask({}, OTHER_DIGEST)]);
    const sweep = open();
    await coordinate(sweep.coordinator, await sweep.nextRun(), () => 900_000);
    const [first] = sweep.queue.splice(0);
    assert.ok(first !== undefined);
    await judgeRunning(sweep.worker, first, () => 120_000);
    assert.deepEqual(sweep.summaries, []);

    await sweep.sweep();

    assert.deepEqual(
      sweep.summaries.map(({ run, images, containers, judged }) => [run, images, containers, judged]),
      [
        ["2026-06-15T13:00:00Z", 2, 2, 1],
        ["2026-06-15T14:00:00Z", 2, 2, 2],
      ],
    );
    assert.deepEqual(sweep.reconciled[0]?.images.map(({ status, code }) => `${status} ${code}`).sort(), [
      "inconclusive verifier-failed",
      "trusted signature-valid",
    ]);
  });

  it("ends after the last attempt for an image, which stays known as not judged", async () => {
    played.put("shop", [serviceTask(), serviceTask({}, OTHER_DIGEST)]);
    const sweep = open();
    await sweep.sweep();
    const failing = { ...sweep.worker, judge: async () => Promise.reject(new Error("out of order")) };
    const run = await sweep.nextRun();
    await coordinate(sweep.coordinator, run, () => 900_000);
    const [first, second] = sweep.queue.splice(0);
    assert.ok(first !== undefined && second !== undefined);
    await judgeRunning(sweep.worker, first, () => 120_000);
    const message = (attempt: number) => ({
      body: JSON.stringify(second),
      attributes: { ApproximateReceiveCount: String(attempt) },
    });

    await assert.rejects(
      judgeQueued(failing, message(SWEEP_ATTEMPTS - 1), () => 120_000),
      /out of order/,
    );
    assert.equal(sweep.summaries.length, 1);
    await assert.rejects(
      judgeQueued(failing, message(SWEEP_ATTEMPTS), () => 120_000),
      /out of order/,
    );

    assert.deepEqual(
      sweep.summaries.map((summary) => [summary.images, summary.judged]),
      [
        [2, 2],
        [2, 1],
      ],
    );
    const known = await sweep.worker.runs.recall(second.key);
    assert.deepEqual(
      [known?.code, known?.before?.code, known?.trusted !== undefined],
      ["verifier-failed", "signature-valid", true],
    );
    // That it is trusted again is no news.
    await sweep.sweep();
    assert.deepEqual(sweep.events, []);
  });

  it("does not give an image up that another invocation judges", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await coordinate(sweep.coordinator, await sweep.nextRun(), () => 900_000);
    const [image] = sweep.queue.splice(0);
    assert.ok(image !== undefined);
    let goOn = () => {};
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = {
      ...sweep.worker,
      judge: async (subject: Subject) => {
        begun();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        return sweep.worker.judge(subject);
      },
    };
    const judging = judgeRunning(slow, image, () => 120_000);
    await hasBegun;
    const last = { body: JSON.stringify(image), attributes: { ApproximateReceiveCount: "5" } };
    await assert.rejects(
      judgeQueued(sweep.worker, last, () => 120_000),
      /Another invocation judges/,
    );

    goOn();
    await judging;

    assert.deepEqual(
      sweep.summaries.map(({ judged }) => judged),
      [1],
    );
  });

  it("leaves to the next sweep what it has no time to stop, and tells so", async () => {
    const services = Array.from({ length: 40 }, (_, index) =>
      serviceTask({ family: `s${index}`, group: `service:s${index}` }),
    );
    played.put("shop", services);
    const sweep = open({ mode: "enforce", settings: { stopBudget: 1000 } });
    await sweep.sweep();
    sweep.finds(() => revoked(DIGEST));
    const run = await sweep.nextRun();
    await coordinate(sweep.coordinator, run, () => 900_000);
    const [image] = sweep.queue.splice(0);
    assert.ok(image !== undefined);
    let calls = 0;
    await judgeRunning(sweep.worker, image, () => {
      calls += 1;
      // Half of the time is for what follows.
      return Math.max(20_000, 120_000 - calls * 4000);
    });

    assert.ok(played.stopped.size > 0 && played.stopped.size < 40, String(played.stopped.size));
    assert.equal(sweep.events.length, 40);
    const failed = sweep.events.filter(({ response }) => response === "failed");
    assert.equal(failed.length, 40 - played.stopped.size);
    assert.match(failed[0]?.responseError ?? "", /the time was over/);

    await sweep.sweep();
    assert.equal(played.stopped.size, 40);
  });

  it("tells the findings which clusters it has read", async () => {
    const shop = played.put("shop", [serviceTask(), serviceTask({}, OTHER_DIGEST)]);
    const broken = played.put("broken", [serviceTask()]);
    scene.refuse = ({ cluster }) => {
      if (cluster === broken) throw new AwsRefusal("AccessDeniedException", "not allowed to ecs:ListTasks");
    };
    const sweep = open();

    const run = await sweep.sweep();

    assert.deepEqual(
      sweep.reconciled.map(({ reading }) => reading),
      [{ startedAt: Date.parse(run), readClusters: new Set([shop]), listedClusters: new Set([shop, broken]) }],
    );
  });

  it("does not go on with a run after a later one has begun", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await sweep.sweep();
    const calls = scene.calls("ECS.ListTasks").length;

    await coordinate(sweep.coordinator, "2026-06-15T12:30:00Z", () => 900_000);

    assert.equal(scene.calls("ECS.ListTasks").length, calls);
  });

  it("tries an image again whose message could not be delivered", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    await sweep.sweep();
    sweep.finds(() => revoked(DIGEST));
    const image = await sweep.queueNext();
    const delivery = { ...sweep.worker.delivery, notify: async () => Promise.reject(new Error("topic gone")) };
    await assert.rejects(
      judgeRunning({ ...sweep.worker, delivery }, image, () => 120_000),
      /topic gone/,
    );

    await judgeRunning(sweep.worker, image, () => 120_000);

    assert.equal(sweep.messages.length, 1);
  });

  it("does not ask again where there is no time left for it", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open();
    sweep.finds(() => signerDown());
    const image = await sweep.queueNext();

    await judgeRunning(sweep.worker, image, () => 1500);

    assert.equal(sweep.verifications.length, 1);
  });
});

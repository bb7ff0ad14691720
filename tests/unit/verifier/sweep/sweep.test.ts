import assert from "node:assert/strict";
import { AwsRefusal } from "../../../../local/aws-answers";
import { SWEEP_ATTEMPTS } from "../../../../verifier/src/sweep/attempts";
import { coordinate } from "../../../../verifier/src/sweep/coordinate";
import { judgeQueued } from "../../../../verifier/src/sweep/judge-queued";
import { judgeRunning } from "../../../../verifier/src/sweep/judge-running";
import type { Subject } from "../../../../verifier/src/verification/subject";
import { signed, signerDown, unsigned } from "../../../support/detector";
import { DIGEST, IMAGE, OTHER_DIGEST } from "../../../support/launch-events";
import { block, exemption, memoryOrders } from "../../../support/orders";
import { statement } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { failedAt, notVerified } from "../verification/facts";
import { daysBefore, digestOf, revoked, serviceTask, sweepScene } from "./scene";

describe("the sweep", function () {
  this.timeout(20_000);
  const scene = sweepScene();
  const { played, open } = scene;

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
    const cluster = played.put("shop", [serviceTask()]);
    const sweep = open();
    await sweep.sweep();
    const task = `${cluster.replace(":cluster/", ":task/")}/${"0".repeat(32)}`;
    const verdict = {
      container: "web",
      digest: OTHER_DIGEST,
      provisional: false,
      status: "denied",
      code: "no-signature",
    };
    await sweep.worker.ledger.remember(task, verdict);

    played.put("shop", [serviceTask({}, OTHER_DIGEST)]);
    sweep.finds((request) => unsigned(digestOf(request)));
    await sweep.sweep();

    assert.deepEqual(sweep.events, []);
    assert.equal(sweep.summaries[1]?.neverLaunched, 0);
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

  describe("where it enforces", () => {
    it("stops every task of a revoked image, with the reason, and tells so", async () => {
      played.put("shop", [serviceTask(), serviceTask(), serviceTask({}, OTHER_DIGEST)]);
      const sweep = open({ mode: "enforce" });
      sweep.finds((request) => signed(digestOf(request)));
      await sweep.sweep();

      sweep.finds((request) => (digestOf(request) === DIGEST ? revoked(DIGEST) : signed(digestOf(request))));
      await sweep.sweep();

      assert.deepEqual(
        [...played.stopped.values()],
        Array(2).fill(`ecs-image-verification: signature-revoked: container web, image ${IMAGE}@${DIGEST}`),
      );
      assert.deepEqual(
        sweep.messages.map(({ response }) => response),
        ["stopped"],
      );
    });

    it("finds tasks by their family, whatever group they were started with", async () => {
      const hidden = serviceTask({ group: "service:other" });
      played.put("shop", [serviceTask(), hidden]);
      const sweep = open({ mode: "enforce" });
      await sweep.sweep();

      sweep.finds(() => revoked(DIGEST));
      await sweep.sweep();

      assert.equal(played.stopped.size, 2);
    });

    it("does not stop an image that was trusted because its signature is gone or hidden", async () => {
      played.put("shop", [serviceTask()]);
      const sweep = open({ mode: "enforce" });
      await sweep.sweep();
      for (const facts of [
        unsigned(),
        notVerified(failedAt("integrity")),
        notVerified({ ...failedAt("identity"), digest: OTHER_DIGEST }),
        notVerified(failedAt("target")),
      ]) {
        sweep.finds(() => facts);
        await sweep.sweep();
      }

      assert.equal(played.stopped.size, 0);
      assert.deepEqual(new Set(sweep.events.map(({ response }) => response)), new Set(["trusted-before"]));
    });

    it("stops an image whose signer the trust document no longer lists", async () => {
      played.put("shop", [serviceTask()]);
      const before = open({ mode: "enforce" });
      await before.sweep();

      const other = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/other";
      const after = open({
        mode: "enforce",
        clock: before.clock,
        settings: { trust: resolve({ statements: [statement({ identities: [other] })] }) },
      });
      after.finds(() => notVerified(failedAt("identity")));
      await after.sweep();

      assert.equal(played.stopped.size, 1);
    });

    it("stops an image that was never trusted, from the second sweep on", async () => {
      played.put("shop", [serviceTask()]);
      const sweep = open({ mode: "enforce" });
      sweep.finds(() => unsigned());
      await sweep.sweep();
      await sweep.sweep();

      assert.equal(played.stopped.size, 1);
    });

    it("does not stop for a missing signature what is older than the ledger's memory", async () => {
      played.put("shop", [serviceTask({ createdAt: daysBefore(20) })]);
      const sweep = open({ mode: "enforce", settings: { ledgerDays: 14 } });
      sweep.finds(() => unsigned());
      await sweep.sweep();
      await sweep.sweep();

      assert.equal(played.stopped.size, 0);
    });

    it("keeps to the budget of stops, and goes on with the next sweep", async () => {
      played.put("shop", Array(5).fill(serviceTask()));
      const sweep = open({ mode: "enforce", settings: { stopBudget: 4 } });
      await sweep.sweep();
      sweep.finds(() => revoked(DIGEST));
      await sweep.sweep();
      // A family may use half of the budget.
      assert.equal(played.stopped.size, 2);
      assert.deepEqual(
        sweep.messages.map(({ response }) => response),
        ["budget-used-up"],
      );

      await sweep.sweep();
      await sweep.sweep();

      assert.equal(played.stopped.size, 5);
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

  describe("after what went wrong", () => {
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
        return 120_000 - calls * 4000;
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
  });
});

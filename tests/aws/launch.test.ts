import assert from "node:assert/strict";
import { UnderWayError } from "../../verifier/src/launch/handle";
import type { Ledger } from "../../verifier/src/launch/ledger";
import { handlePostponed } from "../../verifier/src/launch/postponed";
import { unsigned } from "../support/detector";
import { DIGEST, EVENT_TIME, IMAGE, runningEvent, TASK } from "../support/launch-events";
import { useAws } from "./support/scene";
import { answerForServices } from "./support/services";

/** In seconds since 1970: the time at which the ledger may forget what is written at the time of the events. */
const FORGOTTEN_AT = String(EVENT_TIME.getTime() / 1000 + 14 * 86_400);

describe("AWS", () => {
  const aws = useAws();

  describe("a launch that is denied", () => {
    it("is stopped, with the reason; event and message arrive", async () => {
      const { account } = aws();
      const { cluster: clusterArn, taskDefinition: taskDefinitionArn } = account;
      const taskArn = await account.runTask();
      const detector = aws().detector();
      detector.finds(() => unsigned());

      await detector.handle(runningEvent({ clusterArn, taskDefinitionArn, taskArn }));

      const reason = `ecs-image-verification: no-signature: container web, image ${IMAGE}@${DIGEST}`;
      assert.deepEqual(await account.task(taskArn), { desired: "STOPPED", reason });
      const [event, ...noMore] = await account.events();
      assert.deepEqual(
        [event?.task, event?.status, event?.code, event?.response],
        [taskArn, "denied", "no-signature", "stopped"],
      );
      assert.deepEqual(noMore, []);
      const messages = await account.messages();
      assert.deepEqual(
        messages.map(({ Subject }) => Subject),
        ["DENIED no-signature: web in prod"],
      );
      assert.match(messages[0]?.Message ?? "", /^Done {6}The task was stopped\.$/m);
    });

    it("is let run where the environment audits", async () => {
      const { account } = aws();
      const taskArn = await account.runTask();
      const detector = aws().detector({ mode: "audit" });
      detector.finds(() => unsigned());

      await detector.handle(runningEvent({ clusterArn: account.cluster, taskArn }));

      assert.equal((await account.task(taskArn)).desired, "RUNNING");
      assert.deepEqual(
        (await account.events()).map(({ response }) => response),
        ["audited"],
      );
    });

    it("is stopped once, with one event and one message, by fifty handlers of the same event", async () => {
      const { account, ecs } = aws();
      const clusterArn = account.cluster;
      const taskArn = await account.runTask();
      const stops: string[] = [];
      ecs.middlewareStack.add(
        (next, { commandName = "" }) => {
          if (commandName === "StopTaskCommand") stops.push(commandName);
          return next;
        },
        { step: "initialize" },
      );
      // As many environments of the function: none knows what another does but through the ledger.
      const detectors = Array.from({ length: 50 }, () => aws().patientDetector());

      const event = runningEvent({ clusterArn, taskArn });
      const attempts = await Promise.allSettled(
        detectors.map((detector) => {
          detector.finds(() => unsigned());
          return detector.handle(event);
        }),
      );
      // A minute later, all that have thrown are tried again.
      const late = detectors.filter((_, index) => attempts[index]?.status === "rejected");
      await Promise.all(late.map((detector) => detector.clock.pass(60_000)));
      await Promise.all(late.map((detector) => detector.handle(event)));

      for (const attempt of attempts)
        if (attempt.status === "rejected") assert.ok(attempt.reason instanceof UnderWayError);
      assert.equal(stops.length, 1);
      assert.equal((await account.events()).length, 1);
      assert.equal((await account.messages()).length, 1);
      assert.deepEqual(
        detectors.flatMap(({ seen }) => seen.counted).filter((what) => what === "ledger unavailable"),
        [],
      );
    });

    it("leaves nothing in the ledger that is kept without an end", async () => {
      const { account } = aws();
      const taskArn = await account.runTask();
      const detector = aws().detector();
      detector.finds(() => unsigned());

      await detector.handle(runningEvent({ clusterArn: account.cluster, taskArn }));

      const items = await account.ledger();
      const name = (task = "") => (task === taskArn ? "task" : task.replace(/#[0-9a-f]{64}$/, "#hash"));
      assert.deepEqual(items.map(({ task, entry }) => `${name(task?.S)} ${entry?.S}`).sort(), [
        `budget#${account.cluster} 2026-06-15T12:00:00.000Z`,
        `budget#${account.cluster} 2026-06-15T12:00:00.000Z#worker`,
        "group#hash 2026-06-15T12:00:00.000Z",
        `task container#web#${DIGEST}`,
        `task event#web#no-signature#${DIGEST}#stopped`,
        `task message#web#no-signature#${DIGEST}#stopped`,
        `task number#web#no-signature#${DIGEST}#stopped`,
        "task response#enforce",
        "task stop-budget",
      ]);
      assert.deepEqual(new Set(items.map(({ expiresAt }) => expiresAt?.N)), new Set([FORGOTTEN_AT]));
    });

    it("waits in the queue when the family's budget is used up, and is stopped in the next ten minutes", async () => {
      const { account } = aws();
      const detector = aws().detector({ stopBudget: 2 });
      detector.finds(() => unsigned());
      const [first, second] = [await account.runTask(), await account.runTask()];
      const eventOf = (taskArn: string) => runningEvent({ clusterArn: account.cluster, taskArn });
      const message = { eventSource: "aws:sqs", messageId: "1", body: JSON.stringify(eventOf(second)) } as const;
      const fromQueue = () => handlePostponed(detector, [message], () => 60_000);

      await detector.handle(eventOf(first));
      await detector.handle(eventOf(second));
      await detector.handle(eventOf(second));

      assert.equal(await account.postponed(), 1);
      assert.equal((await account.task(second)).desired, "RUNNING");
      assert.deepEqual(await fromQueue(), { batchItemFailures: [{ itemIdentifier: "1" }] });
      await detector.clock.pass(10 * 60_000);
      assert.deepEqual(await fromQueue(), { batchItemFailures: [] });
      assert.equal((await account.task(second)).desired, "STOPPED");
      assert.equal(await account.postponed(), 1);
      assert.deepEqual(
        detector.seen.counted.filter((what) => what.startsWith("response")),
        ["response stopped", "response budget-used-up", "response stopped"],
      );
      assert.deepEqual(
        (await account.events()).map(({ response }) => response),
        ["stopped", "budget-used-up", "stopped"],
      );
    });

    // moto 5.2.5 has no ListServiceDeployments, DescribeServiceRevisions and StopServiceDeployment.
    it("has its service's deployment rolled back first (calls answered by the test), and is stopped", async () => {
      const { account, ecs } = aws();
      const { cluster: clusterArn, taskDefinition: taskDefinitionArn } = account;
      const taskArn = await account.runTask("service:checkout");
      const answered = answerForServices(ecs, taskDefinitionArn);
      const detector = aws().detector();
      detector.finds(() => unsigned());

      await detector.handle(runningEvent({ clusterArn, taskDefinitionArn, taskArn, group: "service:checkout" }));

      assert.deepEqual(answered, [
        "ListServiceDeployments",
        "ListServiceDeployments",
        "DescribeServiceRevisions",
        "StopServiceDeployment",
      ]);
      assert.equal((await account.task(taskArn)).desired, "STOPPED");
      assert.deepEqual(
        (await account.events()).map(({ response }) => response),
        ["rolled-back-and-stopped"],
      );
    });
  });

  describe("the ledger's verdicts", () => {
    it("come back as they were noted, and are not weakened by a tag's that comes later", async () => {
      const { ledger } = aws().detector();
      const firm = { container: "web", digest: DIGEST, provisional: false, status: "denied", code: "no-signature" };
      const other = { container: "proxy", provisional: true, status: "inconclusive", code: "registry-unavailable" };

      await ledger.remember(TASK, firm);
      await ledger.remember(TASK, other);
      await ledger.remember(TASK, { ...firm, provisional: true });
      await ledger.remember(`${TASK}0`, firm);

      assert.deepEqual(await ledger.verdictsOf(TASK), [other, firm]);
    });
  });

  // moto 5.2.5 answers StopTask for a task that is gone with an error of its own.
  describe("the ledger's budget of stops", () => {
    const stopTask = async (ledger: Ledger, task: number, family = "worker", outcome = "stopped") => {
      const budget = { cluster: aws().account.cluster, family, stops: 4 };
      const once = await ledger.stopOnce(`${TASK}${task}`, "response", budget, async () => outcome);
      return once.state === "done" ? once.outcome : once.state;
    };

    it("takes back a stop that stopped nothing, for the cluster and for the family", async () => {
      const { ledger } = aws().detector();
      const budget = { cluster: aws().account.cluster, family: "worker", stops: 1 };

      const ended = await ledger.stopOnce(TASK, "response", budget, async (giveBack) => {
        await giveBack();
        return "already-stopped";
      });

      assert.equal(ended.state, "done");
      const once = await ledger.stopOnce(`${TASK}1`, "response", budget, async () => "stopped");
      assert.equal(once.state, "done");
      const over = await ledger.stopOnce(`${TASK}2`, "response", budget, async () => "stopped");
      assert.equal(over.state, "over-budget");
    });

    it("gives one family half of it, tells what was done before, and begins afresh after ten minutes", async () => {
      const { ledger, clock } = aws().detector();

      const outcomes = [
        await stopTask(ledger, 1),
        await stopTask(ledger, 2),
        await stopTask(ledger, 3),
        await stopTask(ledger, 1, "worker", "again"),
        await stopTask(ledger, 4, "other"),
        await stopTask(ledger, 5, "third"),
        await stopTask(ledger, 6, "fourth"),
      ];
      await clock.pass(10 * 60_000);
      outcomes.push(await stopTask(ledger, 3));

      assert.deepEqual(outcomes, [
        "stopped",
        "stopped",
        "over-budget",
        "stopped",
        "stopped",
        "stopped",
        "over-budget",
        "stopped",
      ]);
    });

    it("takes one stop for a task whose stop failed and is tried again", async () => {
      const { ledger } = aws().detector();
      const budget = { cluster: aws().account.cluster, family: "worker", stops: 2 };
      const failing = ledger.stopOnce(`${TASK}1`, "response", budget, () => Promise.reject(new Error("throttled")));
      await assert.rejects(failing, /throttled/);

      const again = await ledger.stopOnce(`${TASK}1`, "response", budget, async () => "stopped");
      const other = await ledger.stopOnce(
        `${TASK}2`,
        "response",
        { ...budget, family: "other" },
        async () => "stopped",
      );
      const third = await ledger.stopOnce(
        `${TASK}3`,
        "response",
        { ...budget, family: "third" },
        async () => "stopped",
      );

      assert.deepEqual(again, { state: "done", outcome: "stopped", now: true });
      assert.deepEqual([other.state, third.state], ["done", "over-budget"]);
    });

    it("is not overdrawn by fifty claims at once", async () => {
      const detectors = Array.from({ length: 50 }, () => aws().patientDetector());

      const outcomes = await Promise.all(
        detectors.map(({ ledger }, task) => stopTask(ledger, task, task % 2 === 0 ? "worker" : "other")),
      );

      assert.equal(outcomes.filter((outcome) => outcome === "stopped").length, 4);
      assert.equal(outcomes.filter((outcome) => outcome === "over-budget").length, 46);
      assert.deepEqual(
        detectors.flatMap(({ seen }) => seen.counted),
        [],
      );
    });

    it("lets one of fifty handlers of the same task stop it", async () => {
      const detectors = Array.from({ length: 50 }, () => aws().patientDetector());

      const outcomes = await Promise.all(
        detectors.map(({ ledger }, index) => stopTask(ledger, 1, "worker", `${index}`)),
      );

      assert.equal(outcomes.filter((outcome) => outcome === "over-budget").length, 0);
      const winners = new Set(outcomes.filter((outcome) => outcome !== "under-way"));
      assert.equal(winners.size, 1);
      // Half of four is two.
      const ledger = aws().detector().ledger;
      assert.deepEqual([await stopTask(ledger, 2), await stopTask(ledger, 3)], ["stopped", "over-budget"]);
    });
  });

  describe("the ledger's groups", () => {
    it("number fifty members at once, of whom the first, the tenth and so on are told", async () => {
      const detectors = Array.from({ length: 50 }, () => aws().patientDetector());

      const numbers = await Promise.all(detectors.map(({ ledger }, member) => ledger.numberInGroup("g", `${member}`)));

      assert.deepEqual(
        numbers.map((one) => one?.number).sort((a = 0, b = 0) => a - b),
        Array.from({ length: 50 }, (_, index) => index + 1),
      );
      const told = numbers.filter((one) => one?.isTold);
      assert.equal(told.length, 2);
      assert.equal(new Set(numbers.map((one) => one?.since)).size, 1);
    });

    it("find the claim of a member that broke off, and begin afresh each hour", async () => {
      const { ledger, clock } = aws().detector();
      const isTold = async (member: string) => (await ledger.numberInGroup("h", member))?.isTold;

      const first = [await isTold("a"), await isTold("b"), await isTold("a")];
      await clock.pass(60 * 60_000);

      assert.deepEqual([...first, await isTold("c")], [true, false, true, true]);
    });
  });

  describe("the ledger's lease", () => {
    it("ends before Lambda tries again: work that broke off is taken up, and the first to have it cannot give it back", async () => {
      const { ledger, clock } = aws().detector();
      let breakOff: (error: Error) => void = () => {};
      const begun = new Promise<void>((started) => {
        const broken = ledger.once(TASK, "event", () => {
          started();
          return new Promise((_, reject) => {
            breakOff = reject;
          });
        });
        broken.catch(() => {});
      });
      await begun;
      assert.deepEqual(await ledger.once(TASK, "event", async () => "too soon"), { state: "under-way" });

      await clock.pass(60_000);
      const again = await ledger.once(TASK, "event", async () => {
        breakOff(new Error("thrown late"));
        return "put";
      });

      assert.deepEqual(again, { state: "done", outcome: "put", now: true });
      assert.deepEqual(await ledger.once(TASK, "event", async () => "again"), {
        state: "done",
        outcome: "put",
        now: false,
      });
    });
  });
});

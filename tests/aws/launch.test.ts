import assert from "node:assert/strict";
import { UnderWayError } from "../../verifier/src/launch/handle";
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
      const detectors = Array.from({ length: 50 }, () => aws().detector());

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

    it("leaves nothing in the ledger that is kept for ever", async () => {
      const { account } = aws();
      const taskArn = await account.runTask();
      const detector = aws().detector();
      detector.finds(() => unsigned());

      await detector.handle(runningEvent({ clusterArn: account.cluster, taskArn }));

      const items = await account.ledger();
      assert.deepEqual(items.map(({ task, entry }) => `${task?.S === taskArn ? "task" : task?.S} ${entry?.S}`).sort(), [
        `budget#${account.cluster} 2026-06-15T12:00:00.000Z`,
        `task container#web#${DIGEST}`,
        `task event#web#no-signature#${DIGEST}`,
        `task message#web#no-signature#${DIGEST}`,
        "task response#enforce",
        "task stop-budget",
      ]);
      assert.deepEqual(new Set(items.map(({ expiresAt }) => expiresAt?.N)), new Set([FORGOTTEN_AT]));
    });

    it("is not stopped any more when the cluster's budget is used up, and again in the next ten minutes", async () => {
      const { account } = aws();
      const detector = aws().detector({ stopBudget: 2 });
      detector.finds(() => unsigned());
      const tasks = [
        await account.runTask(),
        await account.runTask(),
        await account.runTask(),
        await account.runTask(),
      ];
      const [last = "", ...first] = tasks;

      for (const taskArn of first) await detector.handle(runningEvent({ clusterArn: account.cluster, taskArn }));
      await detector.clock.pass(10 * 60_000);
      await detector.handle(runningEvent({ clusterArn: account.cluster, taskArn: last }));

      assert.deepEqual(
        detector.seen.counted.filter((what) => what.startsWith("response")),
        ["response stopped", "response stopped", "response budget-used-up", "response stopped"],
      );
      assert.equal((await account.task(first[2] ?? "")).desired, "RUNNING");
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

      assert.deepEqual(answered, ["ListServiceDeployments", "DescribeServiceRevisions", "StopServiceDeployment"]);
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
    it("takes back a stop that stopped nothing, and no more than were given", async () => {
      const { ledger } = aws().detector();
      const { cluster } = aws().account;
      await ledger.returnStop(cluster);
      const taken = [await ledger.takeStop(cluster, 1), await ledger.takeStop(cluster, 1)];

      for (const _ of [1, 2]) await ledger.returnStop(cluster);

      const again = [await ledger.takeStop(cluster, 1), await ledger.takeStop(cluster, 1)];
      assert.deepEqual(
        [taken, again],
        [
          [true, false],
          [true, false],
        ],
      );
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

import assert from "node:assert/strict";
import { UnderWayError } from "../../verifier/src/detector/handle";
import { handlePostponed } from "../../verifier/src/detector/postponed";
import { unsigned } from "../support/detector";
import { DIGEST, EVENT_TIME, IMAGE, runningEvent } from "../support/launch-events";
import { useAws } from "./support/scene";
import { answerForServices } from "./support/services";

/** In seconds since 1970: the time at which the ledger may forget what is written at the time of the events. */
const FORGOTTEN_AT = String(EVENT_TIME.getTime() / 1000 + 14 * 86_400);

describe("AWS: the launch detector", () => {
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
});

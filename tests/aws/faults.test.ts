import assert from "node:assert/strict";
import { errorNames } from "../support/async-invocation";
import { unsigned } from "../support/detector";
import { runningEvent } from "../support/launch-events";
import { failing, THROTTLED } from "./support/proxy";
import { useAws } from "./support/scene";

describe("AWS: faults", () => {
  const aws = useAws();

  /** A denied task that runs, and what it takes to tell of it. */
  async function denied() {
    const { account } = aws();
    const taskArn = await account.runTask();
    const detector = aws().detector();
    detector.finds(() => unsigned());
    const event = runningEvent({ clusterArn: account.cluster, taskArn });
    return {
      detector,
      event,
      desired: async () => (await account.task(taskArn)).desired,
      responses: async () => (await account.events()).map(({ response }) => response),
      messages: async () => (await account.messages()).length,
    };
  }

  it("DynamoDB down: stopped and told all the same, counted, and the event is done with", async () => {
    aws().aws(failing("dynamodb", "reset"));
    const { detector, event, desired, responses, messages } = await denied();

    const invocation = await detector.invoke(event);

    assert.deepEqual(errorNames(invocation), ["ok"]);
    assert.deepEqual([await desired(), await responses(), await messages()], ["STOPPED", ["stopped"], 1]);
    assert.ok(detector.seen.counted.includes("ledger unavailable"));
  });

  it("DynamoDB's answer to the claim of a stop lost: its own claim is found, one stop taken, nothing is counted", async () => {
    const { account } = aws();
    const detector = aws().detector({ stopBudget: 4 });
    const stop = (task: string) =>
      detector.ledger.stopOnce(task, "response", { cluster: account.cluster, family: "worker", stops: 4 }, async () => {
        aws().aws();
        return "stopped";
      });
    aws().aws(failing("dynamodb", "answer lost", 1));

    const first = await stop("a");

    assert.deepEqual(first, { state: "done", outcome: "stopped", now: true });
    assert.deepEqual([(await stop("b")).state, (await stop("c")).state], ["done", "over-budget"]);
    assert.deepEqual(detector.seen.counted, []);
  });

  it("DynamoDB's answer to a number lost: counted twice, and the first of the group is told all the same", async () => {
    const { ledger } = aws().detector();
    aws().aws(failing("dynamodb", "answer lost", 1));

    const first = await ledger.numberInGroup("group", "member");

    assert.equal(first?.isTold, true);
    assert.equal((await ledger.numberInGroup("group", "other"))?.isTold, false);
  });

  it("SNS down for the first attempt: stopped at once, one event, and the message with the second", async () => {
    const { detector, event, desired, responses, messages } = await denied();
    const before: unknown[] = [];

    const invocation = await detector.invoke(event, {
      beforeAttempt: async (attempt) => {
        if (attempt === 2) before.push(await desired(), await messages());
        aws().aws(...(attempt === 1 ? [failing("sns", "reset")] : []));
      },
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.deepEqual(before, ["STOPPED", 0]);
    assert.deepEqual([await responses(), await messages()], [["stopped"], 1]);
  });

  it("EventBridge down throughout: stopped, message sent once, and ends in the failure queue", async () => {
    aws().aws(failing("events", "reset"));
    const { detector, event, desired, responses, messages } = await denied();

    const invocation = await detector.invoke(event);

    assert.equal(invocation.ended, "failure-queue");
    assert.deepEqual(errorNames(invocation), ["IncompleteError", "IncompleteError", "IncompleteError"]);
    assert.deepEqual([await desired(), await responses(), await messages()], ["STOPPED", [], 1]);
  });

  it("ECS throttles one call: tried again at once, in the same attempt", async () => {
    aws().aws(failing("ecs", THROTTLED, 1));
    const { detector, event, desired, responses } = await denied();

    const invocation = await detector.invoke(event);

    assert.deepEqual(errorNames(invocation), ["ok"]);
    assert.deepEqual([await desired(), await responses()], ["STOPPED", ["stopped"]]);
  });

  it("ECS throttles a whole attempt: the failure is told, and the next attempt stops the task", async () => {
    const { detector, event, desired, responses, messages } = await denied();

    const invocation = await detector.invoke(event, {
      beforeAttempt: (attempt) => aws().aws(...(attempt === 1 ? [failing("ecs", THROTTLED)] : [])),
    });

    assert.deepEqual(errorNames(invocation), ["IncompleteError", "ok"]);
    assert.match(invocation.attempts[0]?.message ?? "", /ThrottlingException: Rate exceeded/);
    assert.deepEqual([await desired(), await responses(), await messages()], ["STOPPED", ["failed", "stopped"], 2]);
  });
});

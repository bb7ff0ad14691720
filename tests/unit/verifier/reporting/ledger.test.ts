import assert from "node:assert/strict";
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  TransactionInProgressException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { withoutUndefined } from "../../../../trust/text/without-undefined";
import { createLedger } from "../../../../verifier/src/reporting/ledger";
import { CLUSTER, DIGEST, EVENT_TIME, TASK } from "../../../support/launch-events";

/** Its conditions are tried on a real table in tests/aws. */
function scene() {
  const client = new DynamoDBClient({ region: "eu-west-1" });
  const unavailable: string[] = [];
  const pauses: number[] = [];
  const ledger = createLedger({
    client,
    table: "ledger",
    now: () => EVENT_TIME.getTime(),
    pause: async (milliseconds) => pauses.push(milliseconds),
    days: 14,
    onUnavailable: (reason) => unavailable.push(reason),
  });
  return { dynamo: mockClient(client), ledger, unavailable, pauses };
}

const down = Object.assign(new Error("connect ECONNREFUSED"), { name: "TimeoutError" });
const DOWN = "TimeoutError: connect ECONNREFUSED";
const budget = { cluster: CLUSTER, family: "worker", stops: 20 };
const verdict = { container: "web", digest: DIGEST, provisional: false, status: "denied", code: "no-signature" };

describe("a ledger that cannot be reached", () => {
  it("lets the work be done all the same, and says so", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo.rejects(down);

    const once = await ledger.once(TASK, "event", async () => "put");

    assert.deepEqual(once, { state: "done", outcome: "put", now: true });
    assert.deepEqual(unavailable, [DOWN]);
  });

  it("lets work that fails fail", async () => {
    const { dynamo, ledger } = scene();
    dynamo.rejects(down);

    await assert.rejects(
      ledger.once(TASK, "event", async () => assert.fail("bus is down")),
      /bus is down/,
    );
  });

  it("does not hold up work that was begun when it could be reached", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo.on(UpdateItemCommand).resolvesOnce({}).rejects(down);

    assert.deepEqual(await ledger.once(TASK, "event", async () => "put"), { state: "done", outcome: "put", now: true });
    assert.deepEqual(unavailable, [DOWN]);
  });

  it("gives what the work failed for, not that it could not be told", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo.on(UpdateItemCommand).resolves({}).on(DeleteItemCommand).rejects(down);

    await assert.rejects(
      ledger.once(TASK, "event", async () => assert.fail("bus is down")),
      /bus is down/,
    );
    assert.deepEqual(unavailable, [DOWN]);
  });

  it("knows of no verdicts, takes none down, lets a task be stopped, and counts nothing", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo.rejects(down);

    assert.deepEqual(await ledger.verdictsOf(TASK), []);
    await ledger.remember(TASK, verdict);
    const stopped = await ledger.stopOnce(TASK, "response", budget, async (giveBack) => {
      await giveBack();
      return "stopped";
    });
    assert.deepEqual(stopped, { state: "done", outcome: "stopped", now: true });
    assert.equal(await ledger.numberInGroup("group", "member"), undefined);
    assert.deepEqual(unavailable, [DOWN, DOWN, DOWN, DOWN]);
  });
});

describe("a ledger with something in it that cannot be read", () => {
  it("counts as one that cannot be reached", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo.on(QueryCommand).resolves({ Items: [{ container: { N: "1" } }] });

    assert.deepEqual(await ledger.verdictsOf(TASK), []);
    assert.equal(unavailable.length, 1);
  });
});

describe("a ledger whose answer was lost", () => {
  /** The SDK repeats the write, whose condition then finds what the first one wrote. */
  const finding = (item: ConditionalCheckFailedException["Item"]) =>
    new ConditionalCheckFailedException({
      message: "The conditional request failed",
      $metadata: {},
      ...withoutUndefined({ Item: item }),
    });

  it("does not take its own claim for somebody else's", async () => {
    const { dynamo, ledger } = scene();
    dynamo
      .on(UpdateItemCommand)
      .callsFakeOnce(async ({ ExpressionAttributeValues }) => {
        throw finding({ progress: { S: "working" }, leaseOwner: ExpressionAttributeValues[":owner"] });
      })
      .resolves({});

    const once = await ledger.once(TASK, "event", async () => "put");

    assert.deepEqual(once, { state: "done", outcome: "put", now: true });
  });

  it("knows somebody else's claim, and what somebody else has done", async () => {
    const { dynamo, ledger } = scene();
    dynamo
      .on(UpdateItemCommand)
      .rejectsOnce(finding({ progress: { S: "working" }, leaseOwner: { S: "another" } }))
      .rejectsOnce(finding({ progress: { S: "done" }, outcome: { S: "put" } }));

    const work = async () => assert.fail("done twice");

    assert.deepEqual(await ledger.once(TASK, "event", work), { state: "under-way" });
    assert.deepEqual(await ledger.once(TASK, "event", work), { state: "done", outcome: "put", now: false });
  });
});

describe("a ledger that is asked for a stop", () => {
  /** What DynamoDB answers: for each write of the transaction a code, with the item that is there. */
  const canceled = (...reasons: readonly (string | CancellationReason)[]) =>
    new TransactionCanceledException({
      message: "Transaction cancelled",
      $metadata: {},
      CancellationReasons: reasons.map((reason) => (typeof reason === "string" ? { Code: reason } : reason)),
    });
  const FAILED = "ConditionalCheckFailed";
  const stop = (ledger: ReturnType<typeof scene>["ledger"]) =>
    ledger.stopOnce(TASK, "response", budget, async () => "stopped");

  it("claims it with one call", async () => {
    const { dynamo, ledger } = scene();
    const calls = () => dynamo.calls().length;
    let before = 0;

    await ledger.stopOnce(TASK, "response", budget, async () => {
      before = calls();
      return "stopped";
    });

    assert.equal(before, 1);
  });

  it("does not take its own claim for somebody else's when the answer was lost", async () => {
    const { dynamo, ledger } = scene();
    dynamo.on(TransactWriteItemsCommand).callsFake(async ({ TransactItems }) => {
      const owner = TransactItems[0].Update.ExpressionAttributeValues[":owner"];
      throw canceled({ Code: FAILED, Item: { progress: { S: "working" }, leaseOwner: owner } }, FAILED, FAILED, "None");
    });

    assert.deepEqual(await stop(ledger), { state: "done", outcome: "stopped", now: true });
  });

  it("knows what somebody else has done, or is doing, before it looks at the budget", async () => {
    const { dynamo, ledger } = scene();
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(canceled({ Code: FAILED, Item: { outcome: { S: "stopped" } } }, FAILED, FAILED, FAILED))
      .rejectsOnce(canceled({ Code: FAILED, Item: { leaseOwner: { S: "another" } } }, FAILED, FAILED, FAILED));

    assert.deepEqual(await stop(ledger), { state: "done", outcome: "stopped", now: false });
    assert.deepEqual(await stop(ledger), { state: "under-way" });
  });

  it("is over budget when the cluster's or the family's is used up", async () => {
    for (const reasons of [
      ["None", "None", FAILED, "None"],
      ["None", "None", "None", FAILED],
    ]) {
      const { dynamo, ledger } = scene();
      dynamo.on(TransactWriteItemsCommand).rejects(canceled(...reasons));

      const outcome = await ledger.stopOnce(TASK, "response", budget, async () => assert.fail("stopped"));

      assert.deepEqual(outcome, { state: "over-budget" });
    }
  });

  it("takes no second stop for a task that has one, used up or not", async () => {
    const { dynamo, ledger } = scene();
    dynamo.on(TransactWriteItemsCommand).rejects(canceled("None", FAILED, FAILED, FAILED));

    assert.deepEqual(await stop(ledger), { state: "done", outcome: "stopped", now: true });
  });

  it("tries again, with pauses, when other writes are at the same budget", async () => {
    const { dynamo, ledger, unavailable, pauses } = scene();
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(canceled("None", "None", "TransactionConflict", "None"))
      .rejectsOnce(canceled("None", "None", "TransactionConflict", "None"))
      .resolves({});

    assert.deepEqual(await stop(ledger), { state: "done", outcome: "stopped", now: true });
    assert.deepEqual([unavailable, pauses.length], [[], 2]);
  });

  it("is not over budget for a task whose stop another invocation has taken from it a moment ago", async () => {
    const { dynamo, ledger } = scene();
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(canceled("TransactionConflict", "TransactionConflict", FAILED, FAILED))
      .rejectsOnce(canceled({ Code: FAILED, Item: { leaseOwner: { S: "another" } } }, FAILED, FAILED, FAILED));

    assert.deepEqual(await stop(ledger), { state: "under-way" });
  });

  it("tries again while it is throttled, or its own transaction is in progress", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo
      .on(TransactWriteItemsCommand)
      .rejectsOnce(canceled("None", "None", "ThrottlingError", "None"))
      .rejectsOnce(new TransactionInProgressException({ message: "in progress", $metadata: {} }))
      .resolves({});

    assert.deepEqual(await stop(ledger), { state: "done", outcome: "stopped", now: true });
    assert.deepEqual(unavailable, []);
  });

  it("stops all the same, and says so, when they never end", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo.on(TransactWriteItemsCommand).rejects(canceled("None", "None", "TransactionConflict", "None"));

    assert.deepEqual(await stop(ledger), { state: "done", outcome: "stopped", now: true });
    assert.equal(unavailable.length, 1);
  });
});

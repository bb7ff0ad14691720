import assert from "node:assert/strict";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type LocalAws, startAws } from "../../../local/aws";
import { createLedger, type Ledger } from "../../../verifier/src/reporting/ledger";

const TASK = "arn:aws:ecs:eu-west-1:111122223333:task/demo/4cf3f47c77c414b6a44fbc0445d97f3c";
const verdict = {
  container: "web",
  digest: "sha256:0",
  provisional: false,
  status: "trusted",
  code: "signature-valid",
};

describe("the table that stands in for DynamoDB", () => {
  let aws: LocalAws;
  let client: DynamoDBClient;
  let ledger: Ledger;
  let now: number;

  beforeEach(async () => {
    now = Date.parse("2026-03-02T08:15:00Z");
    aws = await startAws();
    client = new DynamoDBClient({
      endpoint: aws.url,
      region: "eu-west-1",
      credentials: { accessKeyId: "made-up", secretAccessKey: "made-up" },
    });
    ledger = createLedger({
      client,
      table: "ledger",
      now: () => now,
      pause: async () => assert.fail("nothing is in the way here"),
      days: 14,
      onUnavailable: (reason) => assert.fail(reason),
    });
  });

  afterEach(async () => {
    client.destroy();
    await aws.close();
  });

  it("lets the ledger do work once", async () => {
    const first = await ledger.once(TASK, "response", async () => "stopped");
    const second = await ledger.once(TASK, "response", async () => assert.fail("done again"));

    assert.deepEqual(first, { state: "done", outcome: "stopped", now: true });
    assert.deepEqual(second, { state: "done", outcome: "stopped", now: false });
  });

  it("lets the ledger do work again that has failed", async () => {
    const failing = ledger.once(TASK, "response", () => Promise.reject(new Error("ECS is down")));

    await assert.rejects(failing, /ECS is down/);
    assert.equal((await ledger.once(TASK, "response", async () => "stopped")).state, "done");
  });

  it("keeps others from work that is under way, until the lease is over", async () => {
    await ledger.once(TASK, "response", async () => {
      const meanwhile = await ledger.once(TASK, "response", async () => "stopped");
      now += 60_000;
      const afterwards = await ledger.once(TASK, "response", async () => "stopped");
      assert.deepEqual([meanwhile.state, afterwards.state], ["under-way", "done"]);
      return "stopped";
    });
  });

  it("gives the verdicts on a task back, of which a provisional one does not weaken a firm one", async () => {
    await ledger.remember(TASK, verdict);
    await ledger.remember(TASK, { ...verdict, provisional: true });
    await ledger.remember(`${TASK}0`, verdict);

    assert.deepEqual(await ledger.verdictsOf(TASK), [verdict]);
  });

  const stop = async (task: number, family = "worker", outcome = "stopped") => {
    const once = await ledger.stopOnce(
      `${TASK}${task}`,
      "response",
      { cluster: "demo", family, stops: 3 },
      async () => outcome,
    );
    return once.state === "done" ? once.outcome : once.state;
  };

  it("counts the stops of a cluster, and of a family", async () => {
    const outcomes = [await stop(1), await stop(2), await stop(3), await stop(4, "other"), await stop(5, "third")];

    assert.deepEqual(outcomes, ["stopped", "stopped", "over-budget", "stopped", "over-budget"]);
  });

  it("tells what was done before from what is over budget", async () => {
    await stop(1);
    await stop(2);

    assert.deepEqual([await stop(1, "worker", "again"), await stop(3)], ["stopped", "over-budget"]);
  });

  it("takes a stop back", async () => {
    await ledger.stopOnce(TASK, "response", { cluster: "demo", family: "worker", stops: 1 }, async (giveBack) => {
      await giveBack();
      return "already-stopped";
    });

    assert.deepEqual([await stop(1), await stop(2), await stop(3)], ["stopped", "stopped", "over-budget"]);
  });

  it("numbers the members of a group, of which the first is told", async () => {
    const numbers = [await ledger.numberInGroup("group", "a"), await ledger.numberInGroup("group", "b")];

    const since = new Date(now).toISOString();
    assert.deepEqual(numbers, [
      { number: 1, since, isTold: true },
      { number: 2, since, isTold: false },
    ]);
  });

  it("refuses an expression that it does not know", async () => {
    const Key = { task: { S: TASK }, entry: { S: "response" } };
    const write = client.send(
      new UpdateItemCommand({ TableName: "ledger", Key, UpdateExpression: "DELETE seen :one" }),
    );

    await assert.rejects(write, /"DELETE seen :one" is not played here/);
  });
});

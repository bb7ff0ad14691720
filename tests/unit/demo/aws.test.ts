import assert from "node:assert/strict";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type LocalAws, startAws } from "../../../local/aws";
import { createLedger, type Ledger } from "../../../verifier/src/launch/ledger";

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

  it("counts the stops of a cluster", async () => {
    const taken: boolean[] = [];
    for (let stop = 0; stop < 3; stop++) taken.push(await ledger.takeStop("demo", 2));

    assert.deepEqual(taken, [true, true, false]);
  });

  it("takes a stop back, and no more than were given", async () => {
    for (const _ of [1, 2]) await ledger.returnStop("demo");
    await ledger.takeStop("demo", 1);

    await ledger.returnStop("demo");

    assert.deepEqual([await ledger.takeStop("demo", 1), await ledger.takeStop("demo", 1)], [true, false]);
  });

  it("refuses an expression that it does not know", async () => {
    const Key = { task: { S: TASK }, entry: { S: "response" } };
    const write = client.send(
      new UpdateItemCommand({ TableName: "ledger", Key, UpdateExpression: "DELETE seen :one" }),
    );

    await assert.rejects(write, /"DELETE seen :one" is not played here/);
  });
});

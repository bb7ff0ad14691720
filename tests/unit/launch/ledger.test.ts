import assert from "node:assert/strict";
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { createLedger } from "../../../verifier/src/launch/ledger";
import { CLUSTER, DIGEST, EVENT_TIME, TASK } from "../../support/launch-events";

/** Its conditions are tried on a real table in tests/aws. */
function scene() {
  const client = new DynamoDBClient({ region: "eu-west-1" });
  const unavailable: string[] = [];
  const ledger = createLedger({
    client,
    table: "ledger",
    now: () => EVENT_TIME.getTime(),
    days: 14,
    onUnavailable: (reason) => unavailable.push(reason),
  });
  return { dynamo: mockClient(client), ledger, unavailable };
}

const down = Object.assign(new Error("connect ECONNREFUSED"), { name: "TimeoutError" });
const DOWN = "TimeoutError: connect ECONNREFUSED";
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

  it("knows of no verdicts, takes none down, and has stops to give", async () => {
    const { dynamo, ledger, unavailable } = scene();
    dynamo.rejects(down);

    assert.deepEqual(await ledger.verdictsOf(TASK), []);
    await ledger.remember(TASK, verdict);
    assert.equal(await ledger.takeStop(CLUSTER, 1), true);
    assert.equal(unavailable.length, 3);
  });

  it("has no stops to give where there are none at all", async () => {
    const { dynamo, ledger } = scene();
    dynamo.rejects(down);

    assert.equal(await ledger.takeStop(CLUSTER, 0), false);
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
      ...(item === undefined ? {} : { Item: item }),
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

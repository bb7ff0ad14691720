import assert from "node:assert/strict";
import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { endOrders } from "../../automation/operations/orders/end-orders";
import { draftOrder, type OrderDraft, proveOrder, writeOrder } from "../../automation/operations/orders/give-order";
import { listOrders } from "../../automation/operations/orders/list-orders";
import type { OrderPlace } from "../../automation/operations/orders/order-place";
import type { Order } from "../../verifier/src/orders/order";
import { tellEndedOrders } from "../../verifier/src/reporting/order-use";
import { type TestDetector, unsigned } from "../support/detector";
import { DIGEST, EVENT_TIME, OTHER_DIGEST, runningEvent } from "../support/launch-events";
import { HOUR_MS, hoursLater, itemOf, memoryOrders } from "../support/orders";
import { clientOf } from "./support/account";
import { failing, THROTTLED } from "./support/proxy";
import { useAws } from "./support/scene";

const BLOCK: OrderDraft = { kind: "block", digest: DIGEST, image: "registry.example.com/app", reason: "exploited" };
const EXEMPTION: OrderDraft = { ...BLOCK, kind: "exempt", reason: "hotfix", owner: "payments", forMs: 4 * HOUR_MS };

async function give(place: OrderPlace, draft: OrderDraft): Promise<Order> {
  const order = draftOrder(draft, EVENT_TIME);
  await writeOrder(place, order, await proveOrder(place, order));
  return order;
}

/** The same ciphertext with one bit changed. */
function changed(proof: Uint8Array): Uint8Array {
  return Uint8Array.from(proof, (byte, index) => (index === proof.length - 1 ? byte ^ 1 : byte));
}

describe("AWS: orders of the moment", () => {
  const aws = useAws();

  /** What becomes of a new task: code, response, and what was counted about orders. */
  async function launch(detector: TestDetector): Promise<string> {
    const { account } = aws();
    const { events, counted } = detector.seen;
    const before = counted.length;
    await detector.handle(runningEvent({ clusterArn: account.cluster, taskArn: await account.runTask() }));
    const about = counted.slice(before).filter((what) => what.startsWith("order"));
    const [told] = (await account.events()).slice(-1);
    assert.deepEqual(events, []);
    return [told?.code, told?.response, ...about].join(", ");
  }

  it("scenario 50: a block stops what is signed, what the table has had for longest, and what was trusted before", async () => {
    const { detector, place } = aws().withOrders();

    assert.equal(await launch(detector), "signature-valid, none");
    const order = await give(place, BLOCK);
    assert.equal(await launch(detector), "digest-blocked, stopped");
    await give(place, EXEMPTION);
    assert.equal(await launch(detector), "digest-blocked, stopped");

    assert.deepEqual(await endOrders(place, "block", DIGEST, EVENT_TIME.getTime()), [order]);
    assert.equal(await launch(detector), "signature-valid, none");
  });

  describe("scenario 52: an exemption", () => {
    const exempted = "exempted, none";
    const denied = "no-signature, stopped";

    function unsignedDetector(environment?: string) {
      const scene = aws().withOrders(environment);
      scene.detector.finds(() => unsigned());
      return scene;
    }

    it("lets the image run until its end by our clock, and tells of its first use and its end once", async () => {
      const { detector, place } = unsignedDetector();
      await give(place, EXEMPTION);

      assert.deepEqual([await launch(detector), await launch(detector)], [exempted, exempted]);
      await detector.clock.pass(4 * HOUR_MS);
      const orders = memoryOrders();
      await tellEndedOrders(detector, orders);
      await tellEndedOrders(detector, orders);

      assert.equal(await launch(detector), denied);
      const subjects = (await aws().account.messages()).map(({ Subject }) => Subject);
      assert.deepEqual(subjects.sort(), [
        "DENIED no-signature: web in prod",
        "EXEMPTION ENDED: web in prod",
        "EXEMPTION IN USE: web in prod",
      ]);
    });

    it("for another digest changes nothing", async () => {
      const { detector, place } = unsignedDetector();
      await give(place, { ...EXEMPTION, digest: OTHER_DIGEST });

      assert.equal(await launch(detector), denied);
    });

    it("of another environment is none, although it is in our table and under our key", async () => {
      const { detector, place } = unsignedDetector("dev");
      await give(place, EXEMPTION);

      assert.equal(await launch(detector), `${denied}, order refused`);
    });

    it("with another end, digest, owner or reason than was proven is none", async () => {
      const { detector, place } = unsignedDetector();
      const changes: readonly Partial<Order>[] = [
        { until: hoursLater(5) },
        { owner: "somebody" },
        { reason: "another" },
        { from: hoursLater(-1) },
      ];
      for (const change of changes) {
        const order = draftOrder(EXEMPTION, EVENT_TIME);
        await writeOrder(place, { ...order, ...change }, await proveOrder(place, order));
        assert.equal(await launch(detector), `${denied}, order refused`, JSON.stringify(change));
        await endOrders(place, "exempt", DIGEST, EVENT_TIME.getTime());
      }
      const other = draftOrder({ ...EXEMPTION, digest: OTHER_DIGEST }, EVENT_TIME);
      await writeOrder(place, { ...other, digest: DIGEST }, await proveOrder(place, other));
      assert.equal(await launch(detector), `${denied}, order refused`);
    });

    it("whose end is moved after it has been proven to this process ends to count", async () => {
      const { detector, place } = unsignedDetector();
      const { id } = await give(place, EXEMPTION);
      assert.equal(await launch(detector), exempted);

      await place.dynamodb.send(
        new UpdateItemCommand({
          TableName: place.table,
          Key: { digest: { S: DIGEST }, id: { S: id } },
          UpdateExpression: "SET #until = :later",
          ExpressionAttributeNames: { "#until": "until" },
          ExpressionAttributeValues: { ":later": { S: hoursLater(7) } },
        }),
      );

      assert.equal(await launch(detector), `${denied}, order refused`);
    });

    it("without a proof, with a damaged one, or with that of another order is none", async () => {
      const { detector, place } = unsignedDetector();
      const order = draftOrder(EXEMPTION, EVENT_TIME);
      const proofs = [
        changed(await proveOrder(place, order)),
        await proveOrder(place, draftOrder(EXEMPTION, EVENT_TIME)),
      ];
      for (const proof of proofs) {
        const Item = itemOf(order, proof);
        await place.dynamodb.send(new PutItemCommand({ TableName: place.table, Item }));
        assert.equal(await launch(detector), `${denied}, order refused`);
      }
      const { proof: _, ...Item } = itemOf(order);
      await place.dynamodb.send(new PutItemCommand({ TableName: place.table, Item }));
      assert.equal(await launch(detector), `${denied}, order refused`);
    });

    it("under another key is none", async () => {
      const { detector, place } = unsignedDetector();
      const { KeyMetadata } = await new KMSClient(clientOf(aws().address)).send(new CreateKeyCommand({}));
      const order = draftOrder(EXEMPTION, EVENT_TIME);
      await writeOrder(place, order, await proveOrder({ ...place, keyArn: KeyMetadata?.Arn ?? "" }, order));

      // AWS KMS calls it IncorrectKeyException, which is a refusal (API reference, Decrypt); moto 5.2.5 AccessDenied.
      assert.equal(await launch(detector), `${denied}, orders unavailable`);
    });

    for (const service of ["dynamodb", "kms"] as const) {
      it(`is none while ${service} cannot be reached, if this process has not proven it; counted`, async () => {
        const { detector, place } = unsignedDetector();
        await give(place, EXEMPTION);

        // The table of orders, and not that of the ledger: reading by Query is what both have in common.
        aws().aws(failing(service, service === "kms" ? THROTTLED : "reset"));
        const result = await launch(detector);

        assert.match(result, new RegExp(`^${denied}.*, orders unavailable`));
      });

      it(`goes on while ${service} cannot be reached, if this process has proven it, until its end`, async () => {
        const { detector, place } = unsignedDetector();
        await give(place, EXEMPTION);
        assert.equal(await launch(detector), exempted);

        aws().aws(failing(service, "reset"));
        assert.match(await launch(detector), new RegExp(`^${exempted}`));
        await detector.clock.pass(4 * HOUR_MS);
        assert.match(await launch(detector), new RegExp(`^${denied}`));
      });
    }
  });

  it("a disabled key: judged without, counted as not reachable and not as refused", async () => {
    const { detector, place } = aws().withOrders();
    await give(place, BLOCK);
    const body = JSON.stringify({ __type: "DisabledException", message: "the key is disabled" });
    // moto 5.2.5 decrypts with a disabled key.
    aws().aws(failing("kms", { ...THROTTLED, body }));

    assert.equal(await launch(detector), "signature-valid, none, orders unavailable");
  });

  it("KMS is asked once for an order, however many launches there are", async () => {
    const { detector, place } = aws().withOrders();
    await give(place, BLOCK);
    const asked: string[] = [];
    place.kms.middlewareStack.add(
      (next, { commandName = "" }) => {
        asked.push(commandName);
        return next;
      },
      { step: "initialize" },
    );

    await launch(detector);
    await launch(detector);

    assert.deepEqual(asked, ["DecryptCommand"]);
  });

  it("the list says what the verifier makes of each, and how many items are none", async () => {
    const { place } = aws().withOrders();
    const now = EVENT_TIME.getTime();
    const inForce = await give(place, EXEMPTION);
    const ended = await give(place, { ...EXEMPTION, forMs: HOUR_MS / 2 });
    const tooLong = await give(place, { ...EXEMPTION, forMs: 9 * HOUR_MS });
    const foreign = await give({ ...place, environment: "dev" }, EXEMPTION);
    await give(place, BLOCK);
    const Item = { digest: { S: DIGEST }, id: { S: "junk" } };
    await place.dynamodb.send(new PutItemCommand({ TableName: place.table, Item }));

    const { orders, unreadable } = await listOrders(place, ["exempt"], now + HOUR_MS);
    const states = new Map(orders.map(({ order, state }) => [order.id, state]));
    assert.deepEqual(
      [inForce, ended, tooLong, foreign].map(({ id }) => states.get(id)),
      ["in-force", "ended", "refused", "refused"],
    );
    assert.deepEqual([states.size, unreadable], [4, 1]);
    const off = await listOrders({ ...place, exemptionHours: 0 }, ["exempt"], now);
    assert.deepEqual(new Set(off.orders.map(({ state }) => state)), new Set(["off"]));
    await place.dynamodb.send(new DeleteItemCommand({ TableName: place.table, Key: Item }));
  });
});

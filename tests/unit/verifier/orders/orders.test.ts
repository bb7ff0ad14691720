import assert from "node:assert/strict";
import type { Order, WrittenOrder } from "../../../../verifier/src/orders/order";
import { createOrders } from "../../../../verifier/src/orders/orders";
import { DIGEST, EVENT_TIME, OTHER_DIGEST } from "../../../support/launch-events";
import { block, exemption, hoursLater, itemOf } from "../../../support/orders";

/** Orders whose table and KMS are the test's. */
function testOrders(given: { exemptionHours?: number } = {}) {
  const state = {
    items: [] as unknown[],
    table: undefined as Error | undefined,
    isProven: async (_: WrittenOrder): Promise<boolean> => true,
    asked: 0,
  };
  const counted: string[] = [];
  const orders = createOrders({
    read: async () => {
      if (state.table !== undefined) throw state.table;
      return state.items;
    },
    isProven: async (written) => {
      state.asked += 1;
      return state.isProven(written);
    },
    exemptionHours: given.exemptionHours ?? 8,
    now: () => EVENT_TIME.getTime(),
    onRefused: (reason) => counted.push(`refused: ${reason}`),
    onUnavailable: (reason) => counted.push(`unavailable: ${reason}`),
  });
  const ids = async (digest = DIGEST) => (await orders.of(digest)).map(({ id }: Order) => id);
  return { state, counted, orders, ids };
}

describe("the orders about a digest", () => {
  it("are those that are readable and proven; each other is counted", async () => {
    const { state, counted, ids } = testOrders();
    const [good, unproven, long] = [block(), exemption(), exemption({ until: hoursLater(9) })];
    state.items = [itemOf(good), { kind: { S: "block" } }, itemOf(unproven), itemOf(long)];
    state.isProven = async ({ order }) => order.id !== unproven.id;

    assert.deepEqual(await ids(), [good.id]);
    assert.deepEqual(
      counted.sort(),
      [
        `refused: ${long.id}: longer than 8 hours`,
        `refused: ${unproven.id}: its proof does not hold`,
        "refused: unreadable: id, digest, image, from, reason, proof",
      ].sort(),
    );
  });

  it("have no exemptions where the environment allows none: KMS is not even asked", async () => {
    const { state, counted, ids } = testOrders({ exemptionHours: 0 });
    const blocked = block();
    state.items = [itemOf(exemption()), itemOf(blocked)];

    assert.deepEqual(await ids(), [blocked.id]);
    assert.equal(state.asked, 1);
    assert.deepEqual(counted, []);
  });

  it("hold on while the table cannot be reached, if this process has proven them; each failure is counted", async () => {
    const { state, counted, ids } = testOrders();
    const order = block();
    state.items = [itemOf(order)];
    await ids();
    state.table = new Error("timed out");

    assert.deepEqual([await ids(), await ids(OTHER_DIGEST)], [[order.id], []]);
    assert.equal(counted.length, 2);
    assert.match(counted[0] ?? "", /^unavailable: the orders about sha256:\S+ could not be read: Error: timed out$/);
  });

  it("do not hold on once the table has been read without them", async () => {
    const { state, ids } = testOrders();
    state.items = [itemOf(block())];
    await ids();
    state.items = [];
    await ids();
    state.table = new Error("timed out");

    assert.deepEqual(await ids(), []);
  });

  it("leave out what KMS could not be asked about, counted as unreachable and not as refused", async () => {
    const { state, counted, ids } = testOrders();
    const [one, other] = [block(), exemption()];
    state.items = [itemOf(one), itemOf(other)];
    state.isProven = async ({ order }) => {
      if (order.id === one.id) throw new Error("throttled");
      return true;
    };

    assert.deepEqual(await ids(), [other.id]);
    assert.deepEqual(counted, [`unavailable: the proof of ${one.id} could not be checked: Error: throttled`]);
  });

  it("are at most 25, whatever somebody writes into the table", async () => {
    const { state, counted, ids } = testOrders();
    state.items = Array.from({ length: 1000 }, () => itemOf(block()));

    assert.equal((await ids()).length, 25);
    assert.deepEqual(counted, ["refused: 1000 orders about one digest"]);
  });

  it("can be listed as they are written, unless the table cannot be reached", async () => {
    const { state, orders } = testOrders();
    const order = block();
    state.items = [itemOf(order), {}];
    assert.deepEqual(await orders.written(DIGEST), new Set([order.id]));

    state.table = new Error("timed out");
    assert.equal(await orders.written(DIGEST), undefined);
  });
});

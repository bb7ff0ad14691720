import assert from "node:assert/strict";
import { MOST_ORDERS, selectOrders } from "../../../../verifier/src/orders/select";
import { DIGEST, EVENT_TIME } from "../../../support/launch-events";
import { block, exemption, hoursLater, itemOf } from "../../../support/orders";

describe("the items about a digest that may count", () => {
  const select = (items: readonly unknown[], exemptionHours = 8) => {
    const { written, refused } = selectOrders(items, DIGEST, { now: EVENT_TIME.getTime(), exemptionHours });
    return { ids: written.map(({ order }) => order.id), refused };
  };
  const ended = () => itemOf(exemption({ from: hoursLater(-2), until: hoursLater(-1) }));

  it("have blocks first, and leave out what has ended, without a word", () => {
    const [blocked, exempted] = [block(), exemption()];

    assert.deepEqual(select([itemOf(exempted), ended(), itemOf(blocked)]), {
      ids: [blocked.id, exempted.id],
      refused: [],
    });
  });

  it("have a block, however many other items there are", () => {
    const blocked = block();
    const others = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? ended() : itemOf(exemption())));

    const { ids, refused } = select([...others, itemOf(blocked)]);

    assert.deepEqual([ids[0], ids.length], [blocked.id, MOST_ORDERS]);
    assert.deepEqual(refused, ["31 orders about one digest"]);
  });

  it("have no exemptions where the environment allows none", () => {
    assert.deepEqual(select([itemOf(exemption())], 0), { ids: [], refused: [] });
  });

  it("do not begin in the future: the commands give orders from now on only", () => {
    const early = exemption({ from: hoursLater(1), until: hoursLater(2) });

    assert.deepEqual(select([itemOf(early)]), { ids: [], refused: [`${early.id}: begins in the future`] });
  });
});

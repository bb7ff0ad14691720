import assert from "node:assert/strict";
import type { Order } from "../../../../verifier/src/orders/order";
import { tellEndedOrders } from "../../../../verifier/src/reporting/order-use";
import { testDetector, unsigned } from "../../../support/detector";
import { DIGEST, OTHER_DIGEST, runningEvent, TASK } from "../../../support/launch-events";
import { block, exemption, HOUR_MS, memoryOrders } from "../../../support/orders";

const anotherTask = (task: number) => runningEvent({ taskArn: `${TASK}${task}` });

describe("the launch detector with orders of the moment", () => {
  it("stops a blocked digest that is signed, and one that was trusted a moment ago", async () => {
    const orders = memoryOrders();
    const detector = testDetector({ orders });

    await detector.handle(anotherTask(1));
    const order = orders.give(block({ owner: "security" }));
    await detector.handle(anotherTask(2));

    assert.deepEqual(
      detector.seen.events.map(({ code, response }) => `${code} ${response}`),
      ["signature-valid none", "digest-blocked stopped"],
    );
    assert.equal(detector.seen.events[1]?.order?.id, order.id);
    assert.deepEqual(
      detector.seen.messages.map(({ code }) => code),
      ["digest-blocked"],
    );
    assert.deepEqual(detector.seen.announced, []);
  });

  it("lets an exempted image run, records what it would be, and tells of the first use alone", async () => {
    const detector = testDetector({ orders: memoryOrders(exemption()) });
    detector.finds(() => unsigned());

    await detector.handle(anotherTask(1));
    await detector.handle(anotherTask(2));

    const { seen } = detector;
    assert.deepEqual(
      seen.events.map(({ code, response, without }) => `${code} ${response} ${without?.code}`),
      ["exempted none no-signature", "exempted none no-signature"],
    );
    assert.deepEqual([seen.messages, seen.announced], [[], ["EXEMPTION IN USE: web in prod"]]);
    assert.deepEqual(
      seen.news.map(({ event, use }) => [event, use.task, use.digest, use.without.code]),
      [["first-use", `${TASK}1`, DIGEST, "no-signature"]],
    );
  });

  it("tells nobody of an exemption that a trusted image does not need", async () => {
    const detector = testDetector({ orders: memoryOrders(exemption()) });

    await detector.handle(runningEvent());

    assert.deepEqual(
      detector.seen.events.map(({ code, order }) => [code, order]),
      [["signature-valid", undefined]],
    );
    assert.deepEqual(detector.seen.announced, []);
  });

  it("judges as before once an exemption has ended, by the reader's clock, and for another digest", async () => {
    const orders = memoryOrders(exemption({ digest: OTHER_DIGEST }));
    const detector = testDetector({ orders });
    detector.finds(() => unsigned());

    await detector.handle(anotherTask(1));
    orders.give(exemption());
    await detector.clock.pass(4 * HOUR_MS);
    await detector.handle(anotherTask(2));

    assert.deepEqual(
      detector.seen.events.map(({ code, response }) => `${code} ${response}`),
      ["no-signature stopped", "no-signature stopped"],
    );
  });

  it("tries again where nobody could be told of the first use", async () => {
    const announced: string[] = [];
    const detector = testDetector({
      orders: memoryOrders(exemption()),
      delivery: {
        putEvent: async () => {},
        notify: async () => {},
        async announce({ text }) {
          if (announced.push(text) === 1) throw new Error("topic is gone");
        },
      },
    });
    detector.finds(() => unsigned());

    const { attempts, ended } = await detector.invoke(runningEvent());

    assert.deepEqual([attempts.length, ended, announced.length], [2, "succeeded", 2]);
    assert.deepEqual(detector.seen.counted.filter((what) => what === "delivery failed").length, 1);
    assert.match(announced[0] ?? "", /^Without {3}denied no-signature: /m);
    assert.match(announced[0] ?? "", /^Owner {5}payments$/m);
  });
});

describe("the end of an exemption", () => {
  /** A detector that has used an exemption. */
  async function used(...given: readonly Order[]) {
    const orders = memoryOrders(...given);
    const detector = testDetector({ orders });
    detector.finds(() => unsigned());
    await detector.handle(runningEvent());
    const check = () => tellEndedOrders(detector, orders);
    return { orders, detector, check };
  }

  it("is told once, when its time is over", async () => {
    const { detector, check } = await used(exemption());
    const { announced, news } = detector.seen;

    await check();
    assert.equal(announced.length, 1);
    await detector.clock.pass(4 * HOUR_MS);
    await check();
    await check();

    assert.deepEqual(announced, ["EXEMPTION IN USE: web in prod", "EXEMPTION ENDED: web in prod"]);
    assert.deepEqual(
      news.map(({ event }) => event),
      ["first-use", "ended"],
    );
  });

  it("is told when somebody has ended it, and not while the table cannot be read", async () => {
    const order = exemption();
    const { orders, detector, check } = await used(order);
    const { announced } = detector.seen;

    await tellEndedOrders(detector, { written: async () => undefined });
    assert.equal(announced.length, 1);
    orders.end(order);
    await check();

    assert.deepEqual(announced.slice(1), ["EXEMPTION ENDED: web in prod"]);
  });

  it("is told of no exemption that was never used", async () => {
    const orders = memoryOrders(exemption());
    const detector = testDetector({ orders });
    await detector.handle(runningEvent());
    await detector.clock.pass(4 * HOUR_MS);

    assert.deepEqual(await tellEndedOrders(detector, orders), []);
    assert.deepEqual(detector.seen.announced, []);
  });
});

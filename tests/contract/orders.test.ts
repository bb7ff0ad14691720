import assert from "node:assert/strict";
import type { ResolvedTrustDocument } from "../../trust";
import { withOrders } from "../../verifier/src/orders/judge-with-orders";
import type { Order } from "../../verifier/src/orders/order";
import type { Judge } from "../../verifier/src/verification/judge";
import { referenceSubject } from "../../verifier/src/verification/subject";
import { verdictCache } from "../../verifier/src/verification/verdict-cache";
import { testDetector } from "../support/detector";
import { OTHER_DIGEST, runningEvent } from "../support/launch-events";
import { type OrderStore, orderStore } from "../support/order-store";
import { block, exemption, HOUR_MS, itemOf } from "../support/orders";
import { judgeImages } from "./support/judge-images";
import { type SceneImage, useScene } from "./support/scene";

describe("contract: orders of the moment with the real process", () => {
  const scene = useScene();

  const judgeWith = (store: OrderStore, trust: ResolvedTrustDocument = scene().trust(), now = Date.now): Judge =>
    withOrders(
      judgeImages(scene().verifiers, trust, {
        cache: verdictCache({ trustedTtlMs: 300_000, max: 100, now }),
        now,
        deadlineMs: 10_000,
      }),
      store.orders,
      now,
    );
  const codeOf = async (judge: Judge, reference: string) => {
    const { status, code } = await judge(referenceSubject(reference));
    return `${status} ${code}`;
  };
  const times = (from: number, until: number) => ({
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
  });
  const blockOf = ({ descriptor }: SceneImage) =>
    block({ digest: descriptor.digest, from: new Date(Date.now() - 1000).toISOString() });
  const exemptionOf = ({ descriptor }: SceneImage, changes: Partial<Order> = {}) =>
    exemption({ digest: descriptor.digest, ...times(Date.now() - 1000, Date.now() + HOUR_MS), ...changes });

  describe("scenario 50: a blocked digest", () => {
    const DENIED = "denied digest-blocked";

    it("with a valid signature -> denied digest-blocked, by digest and by tag", async () => {
      const image = await scene().image();
      await scene().sign(image);
      const store = orderStore();
      store.give(blockOf(image));
      const judge = judgeWith(store);

      assert.equal(await codeOf(judge, image.reference), DENIED);
      assert.equal(await codeOf(judge, image.taggedReference), DENIED);
    });

    it("exempted by the trust document, and by an order -> denied digest-blocked", async () => {
      const image = await scene().image();
      const store = orderStore();
      const expires = new Date(Date.now() + 24 * HOUR_MS).toISOString().slice(0, 10);
      const exempt = { image: image.reference, owner: "platform-team", reason: "vendor image", expires };
      const judge = judgeWith(store, { ...scene().trust(), exemptions: [exempt] });
      assert.equal(await codeOf(judge, image.reference), "exempt exempted");

      store.give(exemptionOf(image));
      store.give(blockOf(image));

      assert.equal(await codeOf(judge, image.reference), DENIED);
    });

    it("blocked after it was cached as trusted -> denied digest-blocked; ended -> trusted, still from the cache", async () => {
      const image = await scene().image();
      await scene().sign(image);
      const store = orderStore();
      const judge = judgeWith(store);
      const callsBefore = scene().verifiers.signerCalls();
      assert.equal(await codeOf(judge, image.reference), "trusted signature-valid");

      const order = store.give(blockOf(image));
      assert.equal(await codeOf(judge, image.reference), DENIED);
      store.end(order);

      assert.equal(await codeOf(judge, image.reference), "trusted signature-valid");
      assert.equal(scene().verifiers.signerCalls() - callsBefore, 1);
    });
  });

  describe("scenario 52: a break-glass exemption", () => {
    const UNSIGNED = "denied no-signature";

    it("in force -> exempt exempted, and the verdict says what it would be; a trusted image stays trusted", async () => {
      const [image, signed] = [await scene().image(), await scene().image()];
      await scene().sign(signed);
      const store = orderStore();
      const order = store.give(exemptionOf(image));
      store.give(exemptionOf(signed));
      const judge = judgeWith(store);

      const verdict = await judge(referenceSubject(image.reference));

      assert.equal(`${verdict.status} ${verdict.code}`, "exempt exempted");
      assert.equal(`${verdict.without?.status} ${verdict.without?.code}`, UNSIGNED);
      assert.equal(verdict.order?.id, order.id);
      assert.equal(await codeOf(judge, image.taggedReference), "exempt exempted");
      assert.equal(await codeOf(judge, signed.reference), "trusted signature-valid");
      assert.deepEqual(store.counted, []);
    });

    it("ended, or for another digest -> judged as without it; nothing is counted", async () => {
      const image = await scene().image();
      const store = orderStore();
      store.give(exemptionOf(image, times(Date.now() - 2 * HOUR_MS, Date.now() - HOUR_MS)));
      store.give(exemptionOf(image, { digest: OTHER_DIGEST }));

      assert.equal(await codeOf(judgeWith(store), image.reference), UNSIGNED);
      assert.deepEqual(store.counted, []);
    });

    it("proof missing, of another environment, or for another end -> judged as without it, counted", async () => {
      const image = await scene().image();
      const store = orderStore();
      const { proof: _, ...unproven } = itemOf(exemptionOf(image));
      store.write(unproven);
      store.give(exemptionOf(image), "dev");
      const proven = exemptionOf(image, times(Date.now() - HOUR_MS, Date.now() - 1000));
      const longer = new Date(Date.now() + HOUR_MS).toISOString();
      store.give({ ...proven, until: longer }, undefined, proven);

      assert.equal(await codeOf(judgeWith(store), image.reference), UNSIGNED);
      assert.deepEqual(store.counted, ["refused", "refused", "refused"]);
    });

    it("table unreachable -> judged as without it, counted; one that this process has proven goes on until its end", async () => {
      const [image, known] = [await scene().image(), await scene().image()];
      const store = orderStore();
      let now = Date.now();
      const judge = judgeWith(store, scene().trust(), () => now);
      store.give(exemptionOf(image));
      store.give(exemptionOf(known));
      assert.equal(await codeOf(judge, known.reference), "exempt exempted");

      store.answer(false);

      assert.equal(await codeOf(judge, image.reference), UNSIGNED);
      assert.equal(await codeOf(judge, known.reference), "exempt exempted");
      now += 2 * HOUR_MS;
      assert.equal(await codeOf(judge, known.reference), UNSIGNED);
      assert.deepEqual(store.counted, ["unavailable", "unavailable", "unavailable"]);
    });
  });

  it("scenarios 50 and 52 through the detector: stopped; let run, told once, and stopped once it has ended", async () => {
    const [signed, unsigned] = [await scene().image(), await scene().image()];
    await scene().sign(signed);
    const store = orderStore();
    const detector = testDetector({ judge: judgeWith(store) });
    let task = 0;
    const launch = async ({ reference, descriptor }: SceneImage) => {
      task += 1;
      const containers = [{ name: "web", image: reference, imageDigest: descriptor.digest }];
      const taskArn = `arn:aws:ecs:eu-west-1:111122223333:task/orders/${task}`;
      await detector.handle(runningEvent({ taskArn, containers }));
      const { code, response, without } = detector.seen.events.at(-1) ?? assert.fail("no event");
      return `${code} ${response}${without === undefined ? "" : ` without ${without.code}`}`;
    };

    assert.equal(await launch(signed), "signature-valid none");
    store.give(blockOf(signed));
    assert.equal(await launch(signed), "digest-blocked stopped");
    const order = store.give(exemptionOf(unsigned));
    assert.equal(await launch(unsigned), "exempted none without no-signature");
    assert.equal(await launch(unsigned), "exempted none without no-signature");
    store.end(order);
    assert.equal(await launch(unsigned), "no-signature stopped");

    assert.deepEqual(detector.seen.announced, ["EXEMPTION IN USE: web in prod"]);
    assert.deepEqual(
      detector.seen.messages.map(({ code }) => code),
      ["digest-blocked", "no-signature"],
    );
  });
});

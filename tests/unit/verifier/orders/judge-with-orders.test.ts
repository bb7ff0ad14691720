import assert from "node:assert/strict";
import { withOrders } from "../../../../verifier/src/orders/judge-with-orders";
import type { Judge } from "../../../../verifier/src/verification/judge";
import { imageSubject, type Subject } from "../../../../verifier/src/verification/subject";
import type { Verdict } from "../../../../verifier/src/verification/verdict";
import { DIGEST, EVENT_TIME, IMAGE } from "../../../support/launch-events";
import { block, exemption, memoryOrders } from "../../../support/orders";

const NOW = () => EVENT_TIME.getTime();
const byDigest = imageSubject({ container: "web", image: IMAGE, digest: DIGEST, hasStarted: true });
const byTag = imageSubject({ container: "web", image: IMAGE, hasStarted: false });

const unsigned = (changes: Partial<Verdict> = {}): Verdict => ({
  status: "denied",
  code: "no-signature",
  detail: "the registry lists none",
  reference: IMAGE,
  digest: DIGEST,
  provisional: false,
  milliseconds: 1,
  ...changes,
});
const judgeOf =
  (verdict: Verdict): Judge =>
  async () =>
    verdict;

describe("the judge with orders", () => {
  it("denies a blocked digest without waiting for the verification", async () => {
    const judge = withOrders(() => new Promise(() => {}), memoryOrders(block()), NOW);

    const { code, reference, digest, provisional } = await judge(byDigest);

    assert.deepEqual([code, reference, digest, provisional], ["digest-blocked", `${IMAGE}@${DIGEST}`, DIGEST, false]);
  });

  it("reads the orders while the image is verified", async () => {
    const order: string[] = [];
    let verified = () => {};
    const orders = {
      ...memoryOrders(),
      async of() {
        order.push("read");
        verified();
        return [];
      },
    };
    const judge = withOrders(
      () =>
        new Promise((resolve) => {
          order.push("verifying");
          verified = () => resolve(unsigned());
        }),
      orders,
      NOW,
    );

    assert.equal((await judge(byDigest)).code, "no-signature");
    assert.deepEqual(order, ["verifying", "read"]);
  });

  it("lets the verification's own failure through, also where it fails before the orders are read", async () => {
    const judge = withOrders(() => Promise.reject(new Error("a mistake of ours")), memoryOrders(), NOW);

    await assert.rejects(judge(byDigest), /a mistake of ours/);
  });

  it("applies to a tag what is ordered of the digest that it led to: the verdict stays provisional", async () => {
    const provisional = unsigned({ provisional: true });

    const blocked = await withOrders(judgeOf(provisional), memoryOrders(block()), NOW)(byTag);
    const exempted = await withOrders(judgeOf(provisional), memoryOrders(exemption()), NOW)(byTag);

    assert.deepEqual([blocked.code, blocked.provisional, blocked.digest], ["digest-blocked", true, DIGEST]);
    assert.deepEqual([exempted.code, exempted.provisional], ["exempted", true]);
  });

  it("applies no order where nobody knows the digest", async () => {
    const { digest: _, ...verdict } = unsigned({ code: "registry-unavailable", status: "inconclusive" });
    const orders = { ...memoryOrders(exemption()), of: () => assert.fail("asked") };

    assert.equal((await withOrders(judgeOf(verdict), orders, NOW)(byTag)).code, "registry-unavailable");
  });

  it("applies no order to a container of which ECS reports an odd digest: another one may be running", async () => {
    const subject = imageSubject({
      container: "web",
      image: `${IMAGE}@${DIGEST}`,
      oddDigest: "md5:1",
      hasStarted: true,
    });
    const { digest: _, ...verdict } = unsigned({ code: "digest-unreported" });

    assert.equal(
      (await withOrders(judgeOf(verdict), memoryOrders(exemption()), NOW)(subject)).code,
      "digest-unreported",
    );
  });

  const others: readonly Subject[] = [
    { kind: "aws-injected", container: "agent", digest: DIGEST },
    { kind: "undetermined", container: "agent", digest: DIGEST, error: "throttled" },
    { kind: "image", container: "web", image: "not//valid", digest: DIGEST, basis: "reported" },
  ];
  for (const subject of others) {
    it(`blocks the digest of any container: ${subject.kind} ${"image" in subject ? subject.image : ""}`, async () => {
      const verdict = await withOrders(judgeOf(unsigned()), memoryOrders(block()), NOW)(subject);

      assert.equal(verdict.code, "digest-blocked");
    });
  }
});

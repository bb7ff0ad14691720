import assert from "node:assert/strict";
import { signed, signerDown, unsigned } from "../../../support/detector";
import { DIGEST, IMAGE, OTHER_DIGEST } from "../../../support/launch-events";
import { statement } from "../../trust/documents";
import { resolve } from "../../trust/resolved";
import { failedAt, notVerified } from "../verification/facts";
import { daysBefore, digestOf, revoked, serviceTask, sweepScene } from "./scene";

describe("a sweep that enforces", function () {
  this.timeout(20_000);
  const { played, open } = sweepScene();

  it("stops every task of a revoked image, with the reason, and tells so", async () => {
    played.put("shop", [serviceTask(), serviceTask(), serviceTask({}, OTHER_DIGEST)]);
    const sweep = open({ mode: "enforce" });
    sweep.finds((request) => signed(digestOf(request)));
    await sweep.sweep();

    sweep.finds((request) => (digestOf(request) === DIGEST ? revoked(DIGEST) : signed(digestOf(request))));
    await sweep.sweep();

    assert.deepEqual(
      [...played.stopped.values()],
      Array(2).fill(`ecs-image-verification: signature-revoked: container web, image ${IMAGE}@${DIGEST}`),
    );
    assert.deepEqual(
      sweep.messages.map(({ response }) => response),
      ["stopped"],
    );
  });

  it("finds tasks by their family, whatever group they were started with", async () => {
    const hidden = serviceTask({ group: "service:other" });
    played.put("shop", [serviceTask(), hidden]);
    const sweep = open({ mode: "enforce" });
    await sweep.sweep();

    sweep.finds(() => revoked(DIGEST));
    await sweep.sweep();

    assert.equal(played.stopped.size, 2);
  });

  it("does not stop an image that was trusted because its signature is gone or hidden", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open({ mode: "enforce" });
    await sweep.sweep();
    for (const facts of [
      unsigned(),
      notVerified(failedAt("integrity")),
      notVerified({ ...failedAt("identity"), digest: OTHER_DIGEST }),
      notVerified(failedAt("target")),
    ]) {
      sweep.finds(() => facts);
      await sweep.sweep();
    }

    assert.equal(played.stopped.size, 0);
    assert.deepEqual(new Set(sweep.events.map(({ response }) => response)), new Set(["trusted-before"]));
  });

  it("stops an image whose signer the trust document no longer lists", async () => {
    played.put("shop", [serviceTask()]);
    const before = open({ mode: "enforce" });
    await before.sweep();

    const other = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/other";
    const after = open({
      mode: "enforce",
      clock: before.clock,
      settings: { trust: resolve({ statements: [statement({ identities: [other] })] }) },
    });
    after.finds(() => notVerified(failedAt("identity")));
    await after.sweep();

    assert.equal(played.stopped.size, 1);
  });

  it("stops an image that was never trusted, from the second sweep on", async () => {
    played.put("shop", [serviceTask()]);
    const sweep = open({ mode: "enforce" });
    sweep.finds(() => unsigned());
    await sweep.sweep();
    await sweep.sweep();

    assert.equal(played.stopped.size, 1);
  });

  it("does not stop for a missing signature what is older than the ledger's memory", async () => {
    played.put("shop", [serviceTask({ createdAt: daysBefore(20) })]);
    const sweep = open({ mode: "enforce", settings: { ledgerDays: 14 } });
    sweep.finds(() => unsigned());
    await sweep.sweep();
    await sweep.sweep();

    assert.equal(played.stopped.size, 0);
  });

  it("keeps to the budget of stops, and goes on with the next sweep", async () => {
    played.put("shop", Array(5).fill(serviceTask()));
    const sweep = open({ mode: "enforce", settings: { stopBudget: 4 } });
    await sweep.sweep();
    sweep.finds(() => revoked(DIGEST));
    await sweep.sweep();
    // A family may use half of the budget.
    assert.equal(played.stopped.size, 2);
    assert.deepEqual(
      sweep.messages.map(({ response }) => response),
      ["budget-used-up"],
    );

    await sweep.sweep();
    await sweep.sweep();

    assert.equal(played.stopped.size, 5);
  });

  it("stops an image whose signer is no longer listed, though its signature is gone", async () => {
    played.put("shop", [serviceTask()]);
    const before = open({ mode: "enforce" });
    await before.sweep();
    // A sweep in between must not forget who signed.
    before.finds(() => signerDown());
    await before.sweep();

    const other = "arn:aws:signer:eu-west-1:444455556666:/signing-profiles/other";
    const after = open({
      mode: "enforce",
      clock: before.clock,
      settings: { trust: resolve({ statements: [statement({ identities: [other] })] }) },
    });
    after.finds(() => unsigned());
    await after.sweep();

    assert.equal(played.stopped.size, 1);
  });

  it("tells once that the budget is used up", async () => {
    played.put("shop", Array(5).fill(serviceTask()));
    const sweep = open({ mode: "enforce", settings: { stopBudget: 2 } });
    await sweep.sweep();
    sweep.finds(() => revoked(DIGEST));
    for (let round = 0; round < 3; round += 1) await sweep.sweep();

    assert.deepEqual(
      sweep.messages.map(({ response }) => response),
      ["budget-used-up"],
    );
  });
});

import assert from "node:assert/strict";
import {
  DecryptCommand,
  DisabledException,
  IncorrectKeyException,
  InvalidCiphertextException,
  KMSClient,
} from "@aws-sdk/client-kms";
import { mockClient } from "aws-sdk-client-mock";
import type { Order } from "../../../../verifier/src/orders/order";
import { proofContext } from "../../../../verifier/src/orders/proof-context";
import { checkProofs } from "../../../../verifier/src/orders/proofs";
import { block, exemption, hoursLater } from "../../../support/orders";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e";

describe("the context of a proof", () => {
  it("has every field of the order and the environment; the reason as its SHA-256", () => {
    const order = exemption();
    const { kind, id, digest, image, from, until, owner } = order;

    assert.deepEqual(proofContext(order, "prod"), {
      environment: "prod",
      ...{ kind, id, digest, image, from, until, owner },
      reason: "56d73618e7e937835443d26b241b407f83001722cd7db3447869ab27ec63655a",
    });
  });

  it("has no end and no owner where the order has none", () => {
    assert.deepEqual(Object.keys(proofContext(block(), "prod")).sort(), [
      ...["digest", "environment", "from", "id", "image", "kind", "reason"],
    ]);
  });

  const changes: Partial<Order>[] = [
    { until: hoursLater(5) },
    { from: hoursLater(1) },
    { owner: "somebody" },
    { reason: "something else" },
    { kind: "block" },
    { image: "registry.example.com/team/other" },
    { digest: `sha256:${"9".repeat(64)}` },
  ];
  for (const change of changes) {
    it(`is another one with another ${Object.keys(change)}`, () => {
      const order = exemption();
      assert.notDeepEqual(proofContext({ ...order, ...change }, "prod"), proofContext(order, "prod"));
    });
  }
});

describe("the proof of an order", () => {
  const kms = mockClient(KMSClient);
  beforeEach(() => kms.reset());
  after(() => kms.restore());

  const order = exemption();
  const written = { order, proof: Buffer.from("ciphertext") };
  const errorOf = { message: "no", $metadata: {} };
  const proofs = () =>
    checkProofs({ kms: new KMSClient({ region: "eu-west-1" }), keyArn: KEY, environment: "prod", limitMs: 2000 });
  const plaintext = (text: string) => ({ Plaintext: Uint8Array.from(Buffer.from(text)) });

  it("holds if this key decrypts it with the order as context, and the text is the order's id", async () => {
    kms.on(DecryptCommand).resolves(plaintext(order.id));

    assert.equal(await proofs()(written), true);
    assert.deepEqual(kms.commandCalls(DecryptCommand)[0]?.args[0].input, {
      CiphertextBlob: written.proof,
      EncryptionContext: proofContext(order, "prod"),
      KeyId: KEY,
    });
  });

  it("does not hold for another id, another key or another context", async () => {
    kms.on(DecryptCommand).resolvesOnce(plaintext(block().id));
    assert.equal(await proofs()(written), false);
    for (const error of [new IncorrectKeyException(errorOf), new InvalidCiphertextException(errorOf)]) {
      kms.on(DecryptCommand).rejects(error);
      assert.equal(await proofs()(written), false);
    }
  });

  it("is asked for once, and again for every other order or ciphertext", async () => {
    kms.on(DecryptCommand).resolves(plaintext(order.id));
    const isProven = proofs();

    const results = await Promise.all([isProven(written), isProven({ ...written }), isProven(written)]);
    await isProven(written);
    assert.deepEqual(results, [true, true, true]);
    assert.equal(kms.commandCalls(DecryptCommand).length, 1);

    await isProven({ order: { ...order, until: hoursLater(8) }, proof: written.proof });
    await isProven({ order, proof: Buffer.from("other") });
    assert.equal(kms.commandCalls(DecryptCommand).length, 3);
  });

  it("is not told where KMS does not answer, and asked again the next time", async () => {
    const isProven = proofs();
    kms.on(DecryptCommand).rejectsOnce(new DisabledException(errorOf)).resolves(plaintext(order.id));

    await assert.rejects(isProven(written), DisabledException);
    assert.equal(await isProven(written), true);
  });
});

import assert from "node:assert/strict";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { mockClient } from "aws-sdk-client-mock";
import { previewOrders } from "../../../policy/preview-orders";
import type { Judge } from "../../../verifier/src/verification/judge";
import { referenceSubject } from "../../../verifier/src/verification/subject";
import { DIGEST, IMAGE } from "../../support/launch-events";
import { block, exemption, itemOf } from "../../support/orders";

const CONFIG = {
  table: "orders",
  key: "arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e",
  region: "eu-west-1",
  environment: "prod",
};
const mockDynamoDb = () => mockClient(DynamoDBClient);
const mockKms = () => mockClient(KMSClient);
const unsigned: Judge = async () => ({
  status: "denied",
  code: "no-signature",
  detail: "none",
  reference: IMAGE,
  digest: DIGEST,
  provisional: false,
  milliseconds: 1,
});

describe("the orders of the moment in a preview", () => {
  // Not before this test runs: others use the class itself.
  let dynamodb: ReturnType<typeof mockDynamoDb>;
  let kms: ReturnType<typeof mockKms>;
  beforeEach(() => {
    dynamodb = mockDynamoDb();
    kms = mockKms();
  });
  afterEach(() => {
    dynamodb.restore();
    kms.restore();
  });

  async function verdictOf() {
    const { around, warnings, close } = previewOrders(CONFIG);
    const { code } = await around(unsigned)(referenceSubject(`${IMAGE}@${DIGEST}`));
    close();
    return [code, ...warnings];
  }
  const past = { from: "2026-01-01T00:00:00.000Z" };
  const proves = (id: string) => kms.on(DecryptCommand).resolves({ Plaintext: Uint8Array.from(Buffer.from(id)) });

  it("obey a proven block", async () => {
    const order = block(past);
    dynamodb.on(QueryCommand).resolves({ Items: [itemOf(order)] });
    proves(order.id);

    assert.deepEqual(await verdictOf(), ["digest-blocked"]);
  });

  it("know no exemptions, and do not even ask for their proof", async () => {
    const order = exemption({ ...past, until: "2026-01-01T08:00:00.000Z" });
    dynamodb.on(QueryCommand).resolves({ Items: [itemOf(order)] });
    proves(order.id);

    assert.deepEqual(await verdictOf(), ["no-signature"]);
    assert.equal(kms.commandCalls(DecryptCommand).length, 0);
  });

  it("warn where they cannot be read or proven, and where they are none", async () => {
    const order = block(past);
    dynamodb
      .on(QueryCommand)
      .rejectsOnce(new Error("no route"))
      .resolves({ Items: [itemOf(order)] });
    kms.on(DecryptCommand).rejectsOnce(new Error("throttled"));

    const [judged, unread] = await verdictOf();
    assert.deepEqual(
      [judged, unread],
      [
        "no-signature",
        `Whether the environment prod blocks the image could not be found out: the orders about ${DIGEST} could not be read: Error: no route`,
      ],
    );
    assert.match((await verdictOf())[1] ?? "", /could not be found out: the proof of \S+ could not be checked: Error/);
    proves("another id");
    assert.match((await verdictOf())[1] ?? "", /^An order of the moment was refused: \S+ its proof does not hold$/);
  });
});

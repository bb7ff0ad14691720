import { randomUUID } from "node:crypto";
import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EncryptCommand } from "@aws-sdk/client-kms";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { type Order, parseOrder } from "../../../verifier/src/orders/order";
import { proofContext } from "../../../verifier/src/orders/proof-context";
import type { OrderPlace } from "./order-place";

/** How long the table keeps an order after its end, in seconds, so that `list` still shows it. */
const KEPT_SECONDS = 30 * 86_400;

/** An order that is to be given from now on. */
export interface OrderDraft extends Pick<Order, "kind" | "digest" | "image" | "reason" | "owner"> {
  /** How long it is in force, in milliseconds. Default: without an end. */
  readonly forMs?: number;
}

/** The order of a draft, with an id of its own, that begins at `now`. */
export function draftOrder({ forMs, ...draft }: OrderDraft, now: Date): Order {
  const until = forMs === undefined ? undefined : new Date(now.getTime() + forMs).toISOString();
  return withoutUndefined({ ...draft, id: randomUUID(), from: now.toISOString(), until });
}

/** Has KMS prove an order. Needs `kms:Encrypt` on the key, for its environment and kind. */
export async function proveOrder({ kms, keyArn, environment }: OrderPlace, order: Order): Promise<Uint8Array> {
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({
      KeyId: keyArn,
      Plaintext: Buffer.from(order.id),
      EncryptionContext: proofContext(order, environment),
    }),
  );
  if (CiphertextBlob === undefined) throw new Error("AWS KMS answered without a ciphertext");
  return CiphertextBlob;
}

/** Writes an order with its proof. Needs `dynamodb:PutItem` on the table. */
export async function writeOrder({ dynamodb, table }: OrderPlace, order: Order, proof: Uint8Array): Promise<void> {
  const item = toItem(order, proof);
  const problem = parseOrder(item, order.digest);
  // The verifier would ignore an item that it cannot read.
  if (typeof problem === "string") throw new Error(`This is not a valid order: ${problem}`);
  await dynamodb.send(
    new PutItemCommand({ TableName: table, Item: item, ConditionExpression: "attribute_not_exists(id)" }),
  );
}

function toItem(order: Order, proof: Uint8Array): Record<string, AttributeValue> {
  const texts = Object.entries(order).map(([name, value]): [string, AttributeValue] => [name, { S: String(value) }]);
  const { until } = order;
  return {
    ...Object.fromEntries(texts),
    proof: { B: proof },
    ...(until === undefined ? {} : { expiresAt: { N: String(Math.ceil(Date.parse(until) / 1000) + KEPT_SECONDS) } }),
  };
}

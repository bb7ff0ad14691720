import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { EncryptCommand } from "@aws-sdk/client-kms";
import type { Claim } from "../../../verifier/src/orders/proofs";
import type { OrdersTablePlace } from "./order-place";

/** How long the table keeps an order after its end, in seconds, so that `list` still shows it. */
const KEPT_SECONDS = 30 * 86_400;

/** Has KMS make a proof. Needs `kms:Encrypt` on the key, for the environment and kind in the context. */
export async function makeProof(
  { kms, keyArn }: Pick<OrdersTablePlace, "kms" | "keyArn">,
  { id, context }: Omit<Claim, "proof">,
): Promise<Uint8Array> {
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from(id), EncryptionContext: context }),
  );
  if (CiphertextBlob === undefined) throw new Error("AWS KMS answered without a ciphertext");
  return CiphertextBlob;
}

/** An order of any kind as an item of the table: texts, the proof, and when the table may delete it. */
export function toItem(
  fields: Readonly<Record<string, string>> & { readonly until?: string },
  proof: Uint8Array,
): Record<string, AttributeValue> {
  const texts = Object.entries(fields).map(([name, value]): [string, AttributeValue] => [name, { S: value }]);
  const { until } = fields;
  return {
    ...Object.fromEntries(texts),
    proof: { B: proof },
    ...(until === undefined ? {} : { expiresAt: { N: String(Math.ceil(Date.parse(until) / 1000) + KEPT_SECONDS) } }),
  };
}

/** Writes an item that is not there yet. Needs `dynamodb:PutItem` on the table. */
export async function putItem(
  { dynamodb, table }: Pick<OrdersTablePlace, "dynamodb" | "table">,
  item: Record<string, AttributeValue>,
): Promise<void> {
  await dynamodb.send(
    new PutItemCommand({ TableName: table, Item: item, ConditionExpression: "attribute_not_exists(id)" }),
  );
}

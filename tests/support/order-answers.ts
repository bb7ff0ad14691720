import type { AwsAnswers } from "../../local/aws-answers";
import type { Order } from "../../verifier/src/orders/order";
import { itemOf } from "./orders";

/** What DynamoDB and KMS answer about the orders of an environment, all of them proven: the ciphertext is the id itself. */
export function orderAnswers(orders: () => readonly Order[]): AwsAnswers {
  return {
    "DynamoDB.Query": () => ({ Items: orders().map(asJson) }),
    "TrentService.Decrypt": ({ CiphertextBlob }) => ({ Plaintext: CiphertextBlob }),
  };
}

/** An item as DynamoDB's protocol has it. */
function asJson(order: Order): object {
  return { ...itemOf(order), proof: { B: Buffer.from(order.id).toString("base64") } };
}

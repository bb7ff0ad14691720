import type { AwsAnswers } from "../../local/aws-answers";
import type { Order } from "../../verifier/src/orders/order";
import { itemOf } from "./orders";

/** An order in the table. One that is not proven has the proof of another. */
export interface PlayedOrder extends Order {
  readonly isProven?: boolean;
}

/** What DynamoDB and KMS answer about the orders of an environment: the ciphertext is the id itself. */
export function orderAnswers(orders: () => readonly PlayedOrder[]): AwsAnswers {
  return {
    "DynamoDB.Query": ({ ExpressionAttributeValues: values }) => {
      const { ":digest": digest } = values as { readonly ":digest": { readonly S: string } };
      return {
        Items: orders()
          .filter((order) => order.digest === digest.S)
          .map(asJson),
      };
    },
    "TrentService.Decrypt": ({ CiphertextBlob }) => ({ Plaintext: CiphertextBlob }),
  };
}

/** An item as DynamoDB's protocol has it. */
function asJson({ isProven = true, ...order }: PlayedOrder): object {
  const proof = isProven ? order.id : "another order";
  return { ...itemOf(order), proof: { B: Buffer.from(proof).toString("base64") } };
}

import { createHash } from "node:crypto";
import { DecryptCommand, IncorrectKeyException, InvalidCiphertextException, type KMSClient } from "@aws-sdk/client-kms";
import { LRUCache } from "lru-cache";
import type { WrittenOrder } from "./order";
import { proofContext } from "./proof-context";

const REMEMBERED_PROOFS = 10_000;

export interface ProofOptions {
  readonly kms: KMSClient;
  /** ARN of the key whose policy says who may give orders. */
  readonly keyArn: string;
  /** The environment of the reader, never the one that the item names. */
  readonly environment: string;
  /** How long KMS may take for one proof, in milliseconds. */
  readonly limitMs: number;
}

/**
 * Checks proofs with KMS. A proof is the order's id, encrypted by this key with the order as encryption context. Its
 * result is remembered by ciphertext and context, so that KMS is not asked again for each launch: the same two always give
 * the same result. Needs `kms:Decrypt` on the key. Rejects if KMS cannot be asked, or refuses us.
 */
export function checkProofs({
  kms,
  keyArn,
  environment,
  limitMs,
}: ProofOptions): (written: WrittenOrder) => Promise<boolean> {
  const results = new LRUCache<string, Promise<boolean>>({ max: REMEMBERED_PROOFS });

  async function ask({ order, proof }: WrittenOrder): Promise<boolean> {
    try {
      const { Plaintext } = await kms.send(
        new DecryptCommand({
          CiphertextBlob: proof,
          EncryptionContext: proofContext(order, environment),
          // With it, a ciphertext of any other key is refused (API reference, Decrypt).
          KeyId: keyArn,
        }),
        { abortSignal: AbortSignal.timeout(limitMs) },
      );
      return Plaintext !== undefined && Buffer.from(Plaintext).toString("utf8") === order.id;
    } catch (error) {
      // Encrypted with another key, or changed, or encrypted with another context (API reference, Decrypt, "Errors"). That
      // these two errors mean nothing else is inferred (kms-refusals).
      if (error instanceof IncorrectKeyException || error instanceof InvalidCiphertextException) return false;
      throw error;
    }
  }

  return (written) => {
    const context = JSON.stringify(proofContext(written.order, environment));
    const key = createHash("sha256").update(context).update("\n").update(written.proof).digest("hex");
    const earlier = results.get(key);
    if (earlier !== undefined) return earlier;
    const result = ask(written);
    results.set(key, result);
    // A failed request is not remembered: the next launch asks again.
    result.catch(() => results.delete(key));
    return result;
  };
}

import { createHash } from "node:crypto";
import { DecryptCommand, IncorrectKeyException, InvalidCiphertextException, type KMSClient } from "@aws-sdk/client-kms";
import { LRUCache } from "lru-cache";
import type { WrittenOrder } from "./order";
import { proofContext } from "./proof-context";

const REMEMBERED_PROOFS = 10_000;

/** What a proof is said to prove. */
export interface Claim {
  /** The id of the order. */
  readonly id: string;
  /** The order, as the encryption context of the proof. */
  readonly context: Readonly<Record<string, string>>;
  readonly proof: Uint8Array;
}

export interface ClaimOptions {
  readonly kms: KMSClient;
  /** ARN of the key whose policy says who may give orders. */
  readonly keyArn: string;
  /** How long KMS may take for one proof, in milliseconds. */
  readonly limitMs: number;
}

export interface ProofOptions extends ClaimOptions {
  /** The environment of the reader, never the one that the item names. */
  readonly environment: string;
}

/** Checks the proofs of orders for a digest: {@link checkClaims}. */
export function checkProofs({ environment, ...options }: ProofOptions): (written: WrittenOrder) => Promise<boolean> {
  const isProven = checkClaims(options);
  return ({ order, proof }) => isProven({ id: order.id, context: proofContext(order, environment), proof });
}

/**
 * Checks proofs with KMS. A proof is the order's id, encrypted by this key with the order as encryption context. Its
 * result is remembered by ciphertext and context, so that KMS is not asked again for each launch: the same two always give
 * the same result. Needs `kms:Decrypt` on the key. Rejects if KMS cannot be asked, or refuses us.
 */
export function checkClaims({ kms, keyArn, limitMs }: ClaimOptions): (claim: Claim) => Promise<boolean> {
  const results = new LRUCache<string, Promise<boolean>>({ max: REMEMBERED_PROOFS });

  async function ask({ id, context, proof }: Claim): Promise<boolean> {
    try {
      const { Plaintext } = await kms.send(
        new DecryptCommand({
          CiphertextBlob: proof,
          EncryptionContext: context,
          // With it, a ciphertext of any other key is refused (API reference, Decrypt).
          KeyId: keyArn,
        }),
        { abortSignal: AbortSignal.timeout(limitMs) },
      );
      return Plaintext !== undefined && Buffer.from(Plaintext).toString("utf8") === id;
    } catch (error) {
      // Encrypted with another key, or changed, or encrypted with another context (API reference, Decrypt, "Errors"). That
      // these two errors mean nothing else is inferred (kms-refusals).
      if (error instanceof IncorrectKeyException || error instanceof InvalidCiphertextException) return false;
      throw error;
    }
  }

  return (claim) => {
    const key = createHash("sha256")
      .update(JSON.stringify(claim.context))
      .update("\n")
      .update(claim.proof)
      .digest("hex");
    const earlier = results.get(key);
    if (earlier !== undefined) return earlier;
    const result = ask(claim);
    results.set(key, result);
    // A failed request is not remembered: the next launch asks again.
    result.catch(() => results.delete(key));
    return result;
  };
}

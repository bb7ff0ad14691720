import { createHash } from "node:crypto";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Order } from "./order";

/**
 * What the proof of an order is bound to: the encryption context of its ciphertext. KMS decrypts a ciphertext only with
 * exactly the context that it was encrypted with, and writes the context into CloudTrail as plain text (AWS KMS developer
 * guide, "Encryption context"). So an order that was changed, or copied to another environment, has no valid proof, and
 * CloudTrail says who gave which order. The reason is free text, so the context has its SHA-256 only.
 */
export function proofContext(order: Order, environment: string): Readonly<Record<string, string>> {
  const { kind, id, digest, image, from, until, owner, reason } = order;
  return withoutUndefined({
    environment,
    digest,
    kind,
    id,
    image,
    from,
    until,
    owner,
    reason: createHash("sha256").update(reason).digest("hex"),
  });
}

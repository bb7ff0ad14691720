import * as z from "zod";

const PROOF_BYTES = 2048;

/** A text attribute of this form. */
export function textLike(pattern: RegExp) {
  return z.object({ S: z.string().regex(pattern) }).transform(({ S }) => S);
}

/** A text attribute that is exactly what `toISOString` writes, so that times can be compared as texts. */
export const timeText = z.object({ S: z.string().refine(isTime) }).transform(({ S }) => S);

/** The proof of an order. */
export const proofBytes = z
  .object({ B: z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length <= PROOF_BYTES) })
  .transform(({ B }) => B);

function isTime(value: string): boolean {
  const at = Date.parse(value);
  return !Number.isNaN(at) && new Date(at).toISOString() === value;
}

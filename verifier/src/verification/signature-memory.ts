import type { SignatureFact } from "../notation/protocol";

/** An image by its digest. */
export interface RememberedImage {
  /** `registry/repository`. */
  readonly repository: string;
  readonly digest: string;
}

/**
 * Remembers which signatures made an image trusted, by the digests of their manifests. They are tried first, and checked in
 * full: so junk that is pushed beside a good image later cannot take it down. Neither call rejects.
 */
export interface SignatureMemory {
  recall(image: RememberedImage): Promise<readonly string[]>;
  remember(image: RememberedImage, signatures: readonly string[]): Promise<void>;
}

/** Signatures of an image that are remembered at most, half of them the oldest: new ones cannot displace them. */
const MOST_REMEMBERED = 8;

/** Why a signature is forgotten: it will never be valid again. Another fault may end. */
const FOREVER: readonly (string | undefined)[] = ["revoked", "refused"];

/**
 * What is remembered after a trusted verdict: what was, without the signatures that will never be valid again, and then
 * those that counted.
 *
 * @param counted Digests of the signatures that counted.
 */
export function updateMemory(
  remembered: readonly string[],
  signatures: readonly SignatureFact[],
  counted: readonly string[],
): readonly string[] {
  const lost = new Set(signatures.filter(({ fault }) => FOREVER.includes(fault?.kind)).map(({ digest }) => digest));
  const kept = remembered.filter((digest) => !lost.has(digest));
  const all = [...new Set([...kept, ...counted])];
  if (all.length <= MOST_REMEMBERED) return all;
  return [...all.slice(0, MOST_REMEMBERED / 2), ...all.slice(-MOST_REMEMBERED / 2)];
}

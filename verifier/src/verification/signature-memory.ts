/** An image by its digest. */
export interface RememberedImage {
  /** `registry/repository`. */
  readonly repository: string;
  readonly digest: string;
}

/**
 * Remembers which signatures made an image trusted, by the digests of their manifests. They are tried first the next time
 * that an image would be denied, and checked in full: so junk that is pushed beside a good image later cannot take it
 * down. Neither call rejects.
 */
export interface SignatureMemory {
  recall(image: RememberedImage): Promise<readonly string[]>;
  remember(image: RememberedImage, signatures: readonly string[]): Promise<void>;
}

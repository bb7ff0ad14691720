import { createHash } from "node:crypto";

/** A descriptor of the OCI image specification. `size` is in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Creates the descriptor of content. */
export function describeContent(mediaType: string, content: Buffer): Descriptor {
  return { mediaType, digest: sha256(content), size: content.length };
}

/** `sha256:` and the digest in hexadecimal. */
export function sha256(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

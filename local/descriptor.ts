import { createHash } from "node:crypto";

/** What the OCI image specification calls a descriptor. `size` is in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Describes content that somebody has or is about to push. */
export function describeContent(mediaType: string, content: Buffer): Descriptor {
  return { mediaType, digest: sha256(content), size: content.length };
}

/** `sha256:` and the digest in hexadecimal. */
export function sha256(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

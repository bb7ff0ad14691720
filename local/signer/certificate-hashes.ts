import { createHash } from "node:crypto";

/**
 * The hashes that GetRevocationStatus uses for the certificates of a chain (DER, leaf first): for each certificate the
 * SHA-384 of its to-be-signed part and that of its issuer, in hexadecimal. The root is its own issuer. (AWS Signer API
 * reference, GetRevocationStatus.)
 */
export function certificateHashes(chain: readonly Buffer[]): string[] {
  const hashes = chain.map((certificate) => createHash("sha384").update(toBeSigned(certificate)).digest("hex"));
  return hashes.map((hash, index) => hash + (hashes[index + 1] ?? hash));
}

/**
 * A certificate in DER is a sequence whose first element is the signed part; this returns that element with its header.
 */
function toBeSigned(certificate: Buffer): Buffer {
  const start = element(certificate, 0).content;
  return certificate.subarray(start, element(certificate, start).end);
}

function element(der: Buffer, offset: number): { content: number; end: number } {
  const first = der.readUInt8(offset + 1);
  if (first < 0x80) return { content: offset + 2, end: offset + 2 + first };
  const lengthBytes = first & 0x7f;
  const content = offset + 2 + lengthBytes;
  return { content, end: content + der.readUIntBE(offset + 2, lengthBytes) };
}

/** The members of a JWS in flattened JSON; `payload`, `protected` and `signature` are base64url. */
export interface FlattenedJws {
  readonly payload: string;
  readonly protected: string;
  readonly header: { readonly x5c: readonly string[]; readonly [name: string]: unknown };
  readonly signature: string;
}

/** Reads an envelope that the stand-in created. */
export function readEnvelope(envelope: Buffer): FlattenedJws {
  return JSON.parse(envelope.toString()) as FlattenedJws;
}

/** The same envelope and signature with another payload. */
export function withPayload(envelope: Buffer, payload: unknown): Buffer {
  return write({ ...readEnvelope(envelope), payload: encode(payload) });
}

/** The same signature with other protected attributes. */
export function withAttributes(envelope: Buffer, attributes: Readonly<Record<string, unknown>>): Buffer {
  const jws = readEnvelope(envelope);
  const header = JSON.parse(Buffer.from(jws.protected, "base64url").toString()) as Record<string, unknown>;
  return write({ ...jws, protected: encode({ ...header, ...attributes }) });
}

/** The same envelope with another chain (DER, leaf first) than the one that signed it. */
export function withChain(envelope: Buffer, chain: readonly Buffer[]): Buffer {
  const jws = readEnvelope(envelope);
  return write({ ...jws, header: { ...jws.header, x5c: chain.map((certificate) => certificate.toString("base64")) } });
}

/** The same envelope with one bit of the signature changed. */
export function withFlippedBit(envelope: Buffer): Buffer {
  const jws = readEnvelope(envelope);
  const signature = Buffer.from(jws.signature, "base64url");
  signature.writeUInt8(signature.readUInt8(10) ^ 1, 10);
  return write({ ...jws, signature: signature.toString("base64url") });
}

/** The same signature with extra bytes after the envelope: JSON readers ignore white space. */
export function withTrailingSpace(envelope: Buffer, spaces: number): Buffer {
  return Buffer.concat([envelope, Buffer.alloc(spaces, " ")]);
}

/** The same signature with an unsigned member in the header. */
export function withUnsignedHeader(envelope: Buffer, name: string, value: unknown): Buffer {
  const jws = readEnvelope(envelope);
  return write({ ...jws, header: { ...jws.header, [name]: value } });
}

/** Order of the curve P-384 (SEC 2, section 2.5.1). */
const P384_ORDER = BigInt(
  "0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
);

/** The other form of the same ECDSA signature: n-s instead of s, which is valid as well. */
export function withOtherRoot(envelope: Buffer): Buffer {
  const jws = readEnvelope(envelope);
  const signature = Buffer.from(jws.signature, "base64url");
  const half = signature.length / 2;
  const s = BigInt(`0x${signature.subarray(half).toString("hex")}`);
  const other = Buffer.from((P384_ORDER - s).toString(16).padStart(half * 2, "0"), "hex");
  return write({ ...jws, signature: Buffer.concat([signature.subarray(0, half), other]).toString("base64url") });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function write(jws: FlattenedJws): Buffer {
  return Buffer.from(JSON.stringify(jws));
}

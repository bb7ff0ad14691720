/** The members of a JWS in flattened JSON; `payload`, `protected` and `signature` are base64url. */
export interface FlattenedJws {
  readonly payload: string;
  readonly protected: string;
  readonly header: { readonly x5c: readonly string[]; readonly [name: string]: unknown };
  readonly signature: string;
}

/** Reads an envelope of ours. */
export function readEnvelope(envelope: Buffer): FlattenedJws {
  return JSON.parse(envelope.toString()) as FlattenedJws;
}

/** The same envelope and signature around another payload. */
export function withPayload(envelope: Buffer, payload: unknown): Buffer {
  return write({ ...readEnvelope(envelope), payload: encode(payload) });
}

/** The same signature under other protected attributes. */
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

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function write(jws: FlattenedJws): Buffer {
  return Buffer.from(JSON.stringify(jws));
}

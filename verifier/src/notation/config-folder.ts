import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { notationTrustPolicy } from "../../../trust/derive";
import type { ResolvedTrustDocument } from "../../../trust/expand";
import { trustStoreName } from "../../../trust/partition";

/** A root certificate for the trust store. */
export interface RootCertificate {
  /** File name inside the trust store. */
  readonly name: string;
  readonly pem: string;
}

/**
 * Writes Notation's configuration folder (`NOTATION_CONFIG`) for a trust document: the trust policy, and one trust
 * store with the given roots. Used for a verification on this machine. The Dockerfile writes that of the image.
 */
export async function writeNotationConfig(
  folder: string,
  trust: ResolvedTrustDocument,
  roots: readonly RootCertificate[],
): Promise<void> {
  const store = join(folder, "truststore", "x509", "signingAuthority", trustStoreName(trust.partition));
  await mkdir(store, { recursive: true });
  const policy = `${JSON.stringify(notationTrustPolicy(trust), null, 2)}\n`;
  await writeFile(join(folder, "trustpolicy.json"), policy);
  await Promise.all(roots.map(({ name, pem }) => writeFile(join(store, name), pem)));
}

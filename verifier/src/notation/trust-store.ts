import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Partition } from "../../../trust/partition";
import { signerRoot } from "../../../trust/roots";
import type { RootCertificate } from "./config-folder";

/** A folder of root certificates cannot be used. The message begins with the path. */
export class TrustStoreError extends Error {
  override readonly name = "TrustStoreError";
}

/** AWS Signer's own root certificate. */
export async function awsRoots(partition: Partition): Promise<RootCertificate[]> {
  return [{ name: "aws-signer-root.crt", pem: await signerRoot(partition) }];
}

/**
 * The root certificates in a folder; every file must be one, in PEM or DER.
 *
 * @throws {@link TrustStoreError}
 */
export async function rootsFrom(folder: string): Promise<RootCertificate[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new TrustStoreError(`${folder} cannot be read: ${error.message}`);
  });
  if (names.length === 0) throw new TrustStoreError(`${folder} is empty: it must hold root certificates.`);
  return Promise.all(names.sort().map(async (name) => ({ name, pem: await readCertificate(join(folder, name)) })));
}

async function readCertificate(file: string): Promise<string> {
  try {
    const content = await readFile(file);
    const certificate = new X509Certificate(content);
    return content.includes("-----BEGIN CERTIFICATE-----") ? content.toString("utf8") : certificate.toString();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TrustStoreError(
      `${file} is not a certificate (PEM or DER): ${reason}. A trust store holds nothing else.`,
    );
  }
}

import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Partition } from "../../../trust/partition";
import { signerRoot } from "../../../trust/roots";
import { type Fault, FixableError } from "../../../trust/text/fixable-error";
import { whyUnreadable } from "../../../trust/unreadable-file";
import type { RootCertificate } from "./config-folder";

/** A folder of root certificates cannot be used. The message begins with the path. */
export class TrustStoreError extends FixableError {
  override readonly name = "TrustStoreError";

  get fault(): Fault {
    return "input";
  }
}

const HOLDS = "A trust store must contain only certificates.";

/** The root certificate of AWS Signer. */
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
    throw new TrustStoreError(`${folder} cannot be read. ${whyUnreadable(folder, error, "folder")}`);
  });
  if (names.length === 0) throw new TrustStoreError(`${folder} is empty: it must hold root certificates.`);
  return Promise.all(names.sort().map(async (name) => ({ name, pem: await readCertificate(join(folder, name)) })));
}

async function readCertificate(file: string): Promise<string> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === "EISDIR" ? "is not a certificate" : "cannot be read";
    throw new TrustStoreError(`${file} ${what}. ${whyUnreadable(file, error)} ${HOLDS}`);
  });
  try {
    const certificate = new X509Certificate(content);
    return content.includes("-----BEGIN CERTIFICATE-----") ? content.toString("utf8") : certificate.toString();
  } catch (error) {
    // OpenSSL's message does not help: it lists decoder names and an error number.
    throw new TrustStoreError(`${file} is not a certificate (PEM or DER). ${HOLDS}`, { cause: error });
  }
}

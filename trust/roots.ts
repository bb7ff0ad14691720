import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../package-root";
import { type Partition, trustStoreName } from "./partition";

/** A root certificate in which AWS Signer's certificate chains end. */
interface Root {
  readonly file: string;
  /** SHA-256 of the certificate in DER, as `notation inspect` and openssl print it. */
  readonly fingerprint: string;
}

/**
 * The root certificates that AWS publishes for container images (AWS Signer developer guide, "Prerequisites for signing
 * container images"), by the name of their trust store.
 */
const ROOTS: Readonly<Record<ReturnType<typeof trustStoreName>, Root>> = {
  "aws-signer-ts": {
    file: "aws-signer-notation-root.crt",
    fingerprint: "90:A8:7D:05:43:C3:F0:94:DB:FF:95:89:B6:64:9A:FF:E2:F3:D6:E0:F3:08:79:9B:E2:25:84:61:C6:86:47:3F",
  },
  "aws-us-gov-signer-ts": {
    file: "aws-us-gov-signer-notation-root.crt",
    fingerprint: "67:36:53:AB:76:F4:1A:10:54:6C:DE:B4:10:7E:CD:6D:F2:C1:5C:2C:9A:0D:32:ED:97:D2:71:B4:43:6F:C3:E8",
  },
};

/** A certificate that does not have the expected fingerprint. */
export class RootCertificateError extends Error {
  override readonly name = "RootCertificateError";
}

/**
 * The root certificate of AWS Signer for a partition, in PEM.
 *
 * @throws {@link RootCertificateError} if the file in this package is not the expected certificate.
 */
export async function signerRoot(partition: Partition): Promise<string> {
  const { file, fingerprint } = ROOTS[trustStoreName(partition)];
  const pem = await readFile(join(PACKAGE_ROOT, "trust/roots", file), "utf8");
  const found = new X509Certificate(pem).fingerprint256;
  if (found !== fingerprint) {
    throw new RootCertificateError(`${file} has the fingerprint ${found}; the pinned one is ${fingerprint}.`);
  }
  return pem;
}

import type { RootCertificate } from "../../verifier/src/notation/config-folder";
import * as trustStore from "../../verifier/src/notation/trust-store";
import { UsageError } from "../lib/errors";

export { awsRoots } from "../../verifier/src/notation/trust-store";

/** The root certificates in the folder of `--trust-store`; every file must be one, in PEM or DER. */
export async function rootsFrom(folder: string): Promise<RootCertificate[]> {
  try {
    return await trustStore.rootsFrom(folder);
  } catch (error) {
    if (!(error instanceof trustStore.TrustStoreError)) throw error;
    throw new UsageError(`--trust-store: ${error.message}`);
  }
}

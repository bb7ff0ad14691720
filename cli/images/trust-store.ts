import type { RootCertificate } from "../../verifier/src/notation/config-folder";
import * as trustStore from "../../verifier/src/notation/trust-store";
import { UsageError } from "../lib/errors";

export { awsRoots } from "../../verifier/src/notation/trust-store";

/** The root certificates in the folder of `--trust-store`, or otherwise those of AWS that `ofAws` gives. */
export async function chooseRoots(
  folder: string | undefined,
  ofAws: () => Promise<RootCertificate[]>,
): Promise<RootCertificate[]> {
  return folder === undefined ? ofAws() : rootsFrom(folder);
}

/** The root certificates in a folder; every file must be one, in PEM or DER. */
async function rootsFrom(folder: string): Promise<RootCertificate[]> {
  try {
    return await trustStore.rootsFrom(folder);
  } catch (error) {
    if (!(error instanceof trustStore.TrustStoreError)) throw error;
    throw new UsageError(`--trust-store: ${error.message}`);
  }
}

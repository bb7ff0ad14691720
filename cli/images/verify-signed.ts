import type { ResolvedTrustDocument } from "../../trust/expand";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { RootCertificate } from "../../verifier/src/notation/config-folder";
import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import { startVerification } from "../../verifier/src/verification/on-this-machine";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { readTrustFile } from "../trust/file";
import type { TrustOptions } from "../trust/options";
import { placeTrust, whollyKnown } from "../trust/resolve";
import { builtVerifier } from "./built-verifier";
import type { ImageAccess } from "./image-access";
import { awsRoots, rootsFrom } from "./trust-store";
import { machineLogins } from "./verify-credentials";

const TIMEOUT_MS = 30_000;

/** The options that name the trust document for a new signature. */
export interface SignedTrustOptions extends TrustOptions, ImageAccess {
  readonly trust?: string;
  readonly trustStore?: string;
}

/** What a new signature is judged by. */
export interface SignedTrust {
  readonly trust: ResolvedTrustDocument;
  readonly roots: readonly RootCertificate[];
}

/** Reads the files of the options, so that a mistake is found before anything is signed; undefined without a document. */
export async function trustForSigned(options: SignedTrustOptions): Promise<SignedTrust | undefined> {
  if (options.trust === undefined) return undefined;
  const trust = whollyKnown(placeTrust(await readTrustFile(options.trust), options));
  const roots =
    options.trustStore === undefined ? await awsRoots(trust.partition) : await rootsFrom(options.trustStore);
  return { trust, roots };
}

/** The image that was signed, and what its registry was read with. */
export interface SignedImage {
  /** By digest. */
  readonly reference: string;
  readonly registry: string;
  readonly plugin: string;
  readonly credentials: RegistryCredentials | undefined;
}

/** The verdict on an image that was just signed: it says which required signers are still missing. */
export async function verifySigned(
  { reference, registry, plugin, credentials }: SignedImage,
  { trust, roots }: SignedTrust,
  options: SignedTrustOptions,
): Promise<Verdict> {
  const verification = await startVerification({
    trust,
    roots,
    plugin,
    executable: await builtVerifier(),
    timeoutMs: TIMEOUT_MS,
    plainHttp: options.plainHttp === true,
    machineLogins: machineLogins(options, new Set([registry])),
    ...withoutUndefined({
      signerEndpoint: options.signerEndpoint,
      credentials: credentials && { registry, ...credentials },
    }),
  });
  try {
    return await verification.verify(reference);
  } finally {
    await verification.stop();
  }
}

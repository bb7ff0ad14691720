import type { RegistryCredentials } from "../../verifier/src/notation/protocol";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { readTrustFile } from "../trust/file";
import type { TrustOptions } from "../trust/options";
import { placeToJudge } from "../trust/place-to-judge";
import type { ImageAccess } from "./image-access";
import { type JudgingTrust, startOnTrust, withRoots } from "./start-judging";
import { machineLogins } from "./verify-credentials";

const TIMEOUT_SECONDS = 30;

/** The options that name the trust document for a new signature. */
export interface SignedTrustOptions extends TrustOptions, ImageAccess {
  readonly trust?: string;
  readonly trustStore?: string;
}

/** Reads the files of the options, so that a mistake is found before anything is signed; undefined without a document. */
export async function trustForSigned(options: SignedTrustOptions): Promise<JudgingTrust | undefined> {
  if (options.trust === undefined) return undefined;
  const { trust } = await placeToJudge(await readTrustFile(options.trust), options);
  return withRoots(trust, options.trustStore);
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
  judging: JudgingTrust,
  options: SignedTrustOptions,
): Promise<Verdict> {
  const access = { ...options, plugin, timeout: TIMEOUT_SECONDS };
  const verification = await startOnTrust(judging, access, {
    machineLogins: machineLogins(options, new Set([registry])),
    credentials: credentials && { registry, ...credentials },
  });
  try {
    return await verification.verify(reference);
  } finally {
    await verification.stop();
  }
}

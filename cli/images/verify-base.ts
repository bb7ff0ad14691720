import { requireTrusted } from "../../components/image/trusted-base";
import type { BuildBase } from "./build-settings";
import type { VerifierAccess } from "./image-access";
import { startOnTrust, withRoots } from "./start-judging";

/** How a base image is verified. */
export interface BaseAccess extends VerifierAccess {
  readonly trustStore?: string;
}

const TIMEOUT_SECONDS = 30;

/**
 * Verifies the base image of a build, if the stack's file says whom it must be signed by.
 *
 * @throws BaseImageRefusedError for each verdict but `trusted`.
 */
export async function verifyBase({ image, trust }: BuildBase, access: BaseAccess): Promise<void> {
  if (trust === undefined) return;
  const judging = await withRoots(trust, access.trustStore);
  const verification = await startOnTrust(judging, { ...access, timeout: TIMEOUT_SECONDS });
  try {
    requireTrusted(image, await verification.verify(image));
  } finally {
    await verification.stop();
  }
}

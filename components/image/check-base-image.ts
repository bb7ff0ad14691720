import type { TrustDocumentArgs } from "../../trust/document";
import { TrustDocumentError } from "../../trust/problem";
import { forPulumi } from "../program-error";
import { type BaseTrust, readBaseTrust } from "./base-trust";
import { type BaseVerification, requireTrustedBase } from "./trusted-base";

/** The base image of a component's arguments, and how it is trusted. */
interface BaseImageArgs {
  readonly baseImage?: string | undefined;
  readonly baseImageTrust?: TrustDocumentArgs | undefined;
  readonly baseVerification?: BaseVerification | undefined;
}

/**
 * Verifies the base image of a component before any resource is made, if it says whom the image must be signed by.
 *
 * @throws errors that a person can do something about: the trust is wrong, the image is not trusted, a program is missing.
 */
export function checkBaseImage(
  { baseImage, baseImageTrust, baseVerification = {} }: BaseImageArgs,
  machine: NodeJS.ProcessEnv,
): void {
  if (baseImage === undefined || baseImageTrust === undefined) return;
  const { resolved: trust } = readTrust(baseImageTrust);
  requireTrustedBase({ ...baseVerification, baseImage, trust }, machine);
}

function readTrust(document: TrustDocumentArgs): BaseTrust {
  try {
    return readBaseTrust(document);
  } catch (error) {
    const named =
      error instanceof TrustDocumentError ? new TrustDocumentError(error.problems, "verifier.baseImageTrust") : error;
    throw forPulumi(named);
  }
}

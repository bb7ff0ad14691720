import { parseTrustDocument, type TrustDocument, type TrustDocumentArgs } from "../trust/document";
import { TrustDocumentError } from "../trust/problem";
import { forPulumi } from "./program-error";

/**
 * The trust document that a program gives, checked like one in a file.
 *
 * @param component Name of the component, for the error.
 * @throws TrustDocumentError with every problem.
 */
export function readTrust(component: string, trust: TrustDocumentArgs): TrustDocument {
  try {
    return parseTrustDocument(trust);
  } catch (error) {
    if (!(error instanceof TrustDocumentError)) throw error;
    throw forPulumi(new TrustDocumentError(error.problems, `The trust document of ImageVerification ${component}`));
  }
}

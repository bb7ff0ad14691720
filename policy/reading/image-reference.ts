import { type ImageReference, parseReference, ReferenceInvalidError } from "../../trust/reference";

/** Reads an image reference; what is wrong with it is a result, for a policy has to report it. */
export function readReference(text: string): ImageReference | ReferenceInvalidError {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof ReferenceInvalidError) return error;
    throw error;
  }
}

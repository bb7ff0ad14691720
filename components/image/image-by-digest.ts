import { ReferenceInvalidError, readReference } from "../../trust/reference";

/** Whether a text is an image by its digest alone: a tag beside it would look as if it were followed. */
export function isImageByDigest(text: string): boolean {
  const reference = readReference(text);
  if (reference instanceof ReferenceInvalidError) return false;
  return reference.tag === undefined && reference.digest?.startsWith("sha256:") === true;
}

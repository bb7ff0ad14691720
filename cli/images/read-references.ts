import { type ImageReference, ReferenceInvalidError, readReference } from "../../trust/reference";
import { UsageError } from "../lib/errors";

/**
 * Reads the references of a call.
 *
 * @throws {@link UsageError} that names every one that cannot be read.
 */
export function readReferences(texts: readonly string[]): readonly ImageReference[] {
  const read = texts.map((text) => readReference(text));
  const problems = read.flatMap((one) => (one instanceof ReferenceInvalidError ? [one.message] : []));
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return read.flatMap((one) => (one instanceof ReferenceInvalidError ? [] : [one]));
}

import { InvalidArgumentError } from "commander";
import { isImageByDigest } from "../../components/image/image-by-digest";
import { BY_DIGEST } from "../../components/image/image-contradictions";

/** Parses `--base-image`. */
export function parseBaseImage(text: string): string {
  if (isImageByDigest(text)) return text;
  throw new InvalidArgumentError(`It must be ${BY_DIGEST}.`);
}

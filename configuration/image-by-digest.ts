import * as z from "zod";
import { isImageByDigest } from "../components/image/image-by-digest";
import { parseEcrHost } from "../trust/partition";
import { parseReference } from "../trust/reference";

/** The schema of an image by digest, without a tag. */
export function imageByDigest() {
  return z
    .string()
    .refine(
      isImageByDigest,
      "must be an image by its digest and without a tag, which could be moved: REPOSITORY@sha256:<64 hexadecimal digits>",
    )
    .meta({ pattern: "^[^:@]+(?::[0-9]+/[^:@]+)?@sha256:[0-9a-f]{64}$" });
}

/** The schema of an image in ECR by digest, without a tag. */
export function ecrImageByDigest() {
  return z
    .string()
    .refine(
      (text) => isImageByDigest(text) && parseEcrHost(parseReference(text).registry) !== undefined,
      "must be an image in ECR by digest and without a tag, such as " +
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier@sha256:<64 hexadecimal digits>, as image build --push prints it",
    )
    .meta({ pattern: "^[0-9]{12}\\.dkr[.-]ecr[^/:@]*/[^:@]*[^:@/]@sha256:[0-9a-f]{64}$" });
}

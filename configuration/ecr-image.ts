import * as z from "zod";
import { parseEcrHost } from "../trust/partition";
import { ReferenceInvalidError, readReference } from "../trust/reference";

/** The schema of an image in ECR by digest, without a tag. */
export function ecrImageByDigest() {
  return z
    .string()
    .refine(
      isEcrImageByDigest,
      "must be an image in ECR by digest and without a tag, such as " +
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier@sha256:<64 hexadecimal digits>, as image build --push prints it",
    )
    .meta({ pattern: "^[0-9]{12}\\.dkr[.-]ecr[^/:@]*/[^:@]*[^:@/]@sha256:[0-9a-f]{64}$" });
}

function isEcrImageByDigest(text: string): boolean {
  const reference = readReference(text);
  if (reference instanceof ReferenceInvalidError) return false;
  const { registry, tag, digest } = reference;
  return parseEcrHost(registry) !== undefined && tag === undefined && digest?.startsWith("sha256:") === true;
}

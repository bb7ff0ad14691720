import type { ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { quote } from "../../trust/quote";
import { ReferenceInvalidError, readReference } from "../../trust/reference";
import { checkContainers } from "../container-policy";
import { type Container, containerLabel, hasContainers } from "../reading/containers";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({});

/** What is wrong with the image reference of a container, if anything. */
export function unpinned(container: Container): string | undefined {
  const { image } = container;
  if (image === undefined || image === "") return `The ${containerLabel(container)} has no image.`;
  const reference = readReference(image);
  if (reference instanceof ReferenceInvalidError) return `The ${containerLabel(container)}: ${reference.message}`;
  if (reference.digest !== undefined) return undefined;
  return `The ${containerLabel(container)} names its image ${quote(image)} by tag, and a tag can move. Allowed: registry/repository@sha256:<digest>.`;
}

/** Every container of every task definition names its image by digest. */
export function digestPinned(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "digest-pinned",
      description: "Containers name their images by digest.",
      severity: "high",
      remediationSteps:
        "Write the image as registry/repository@sha256:<digest>. In a program, use the output of the build: repoDigest of docker.Image, ref of docker_build.Image, imageUri of awsx.ecr.Image.",
      enforcementLevel: "mandatory",
      config,
      applies: hasContainers,
      check: (_, args, report) => checkContainers(args, report, unpinned),
    },
    options,
  );
}

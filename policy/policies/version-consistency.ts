import type { ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { checkContainers } from "../container-policy";
import { type Container, containerLabel, hasContainers } from "../reading/containers";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({});

/** Whether a container lets the tasks of one deployment run different images. */
export function inconsistent(container: Container): string | undefined {
  if (container.versionConsistency?.toLowerCase() !== "disabled") return undefined;
  return `The ${containerLabel(container)} has versionConsistency disabled: each task resolves the tag separately, so two tasks of one deployment can run different images. Allowed: "enabled", or no value.`;
}

/** ECS resolves a tag once per deployment (its default), not once per task. */
export function versionConsistency(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "version-consistency",
      description: "Containers do not disable the software version consistency of ECS.",
      severity: "medium",
      remediationSteps: "Remove versionConsistency from the container definition, or set it to enabled.",
      enforcementLevel: "mandatory",
      config,
      applies: hasContainers,
      check: (_, args, report) => checkContainers(args, report, inconsistent),
    },
    options,
  );
}

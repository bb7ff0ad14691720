import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { typeToken } from "../../components/type-token";
import { known } from "../reading/preview-values";
import { isInside } from "../reading/urn";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";
import { lifecycleViolations } from "./lifecycle-rules";
import { tagViolations } from "./tag-mutability";

const repository = "aws:ecr/repository:Repository";
const lifecyclePolicy = "aws:ecr/lifecyclePolicy:LifecyclePolicy";

const config = z.strictObject({
  exclude: z
    .array(z.string())
    .default([])
    .describe("Pulumi names of repositories and lifecycle policies without signed images; * matches any text"),
  tagSchema: z
    .boolean()
    .default(true)
    .describe(
      "Whether signatures are found by tags (sha256-<digest>), as clients without the referrers API store them",
    ),
});

function isExcluded(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const expression = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${expression.join(".*")}$`).test(name);
  });
}

function listViolations({ type, props }: ResourceValidationArgs, tagSchema: boolean): readonly string[] {
  if (type === lifecyclePolicy) return lifecycleViolations(props.policy);
  const filters = z
    .array(z.object({ filter: z.string() }))
    .default([])
    .parse(known(props.imageTagMutabilityExclusionFilters));
  return tagViolations(
    props.imageTagMutability,
    filters.map(({ filter }) => filter),
    tagSchema,
  );
}

/** In repositories of signed images, tags stay the same and signatures are not deleted. */
export function signedRepositories(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "signed-repositories",
      description: "Repositories of signed images have immutable tags, and no lifecycle rule deletes signatures.",
      severity: "medium",
      remediationSteps:
        "Set imageTagMutability to IMMUTABLE_WITH_EXCLUSION with the filter sha256-*, and let lifecycle rules select images by tag prefixes only.",
      enforcementLevel: "mandatory",
      config,
      // Lambda runs the verifier's own image, not ECS, and it is not signed.
      applies: ({ type, urn }) =>
        (type === repository || type === lifecyclePolicy) && !isInside(urn, typeToken("VerifierImage")),
      check({ exclude, tagSchema }, args, report) {
        if (isExcluded(args.name, exclude)) return;
        for (const violation of listViolations(args, tagSchema)) report(violation);
      },
    },
    options,
  );
}

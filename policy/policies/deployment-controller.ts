import type { ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { quote } from "../../trust/quote";
import { isService, readController } from "../reading/services";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({});

/** What a service loses because of its deployment controller, if anything. */
export function withoutHooks(controller: string): string | undefined {
  if (controller === "ECS") return undefined;
  return `The deployment controller ${quote(controller)} runs no lifecycle hooks, so images are verified only when they are launched. Allowed without this note: "ECS", the default.`;
}

/** Reports a service whose deployments cannot be gated. */
export function deploymentController(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "deployment-controller",
      description: "Services use the deployment controller of ECS, which can verify images before they run.",
      severity: "medium",
      remediationSteps:
        "Use the ECS controller, whose deployments have lifecycle hooks. Otherwise rely on the launch detector.",
      enforcementLevel: "advisory",
      config,
      applies: isService,
      check(_, { props }, report) {
        const violation = withoutHooks(readController(props));
        if (violation !== undefined) report(violation);
      },
    },
    options,
  );
}

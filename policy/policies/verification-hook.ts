import { type ResourceValidationPolicy, UnknownValueError } from "@pulumi/policy";
import * as z from "zod";
import { checkEach } from "../reading/preview-values";
import { isService, readController } from "../reading/services";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({
  functionArn: z
    .string()
    .regex(/^arn:[^:]+:lambda:[^:]+:[0-9]{12}:function:[^:]+$/, "must be the ARN of a Lambda function, unqualified")
    .describe("The function that verifies deployments"),
  stages: z
    .array(z.string())
    .min(1)
    .default(["PRE_SCALE_UP", "POST_SCALE_UP"])
    .describe("The lifecycle stages at which it must be invoked"),
});

/** One lifecycle hook of a service. Its values may be unknown in a preview, and are read one by one. */
export interface Hook {
  readonly hookTargetArn?: string;
  readonly lifecycleStages?: readonly string[];
}

/** The stages at which the function is not invoked. Throws if a preview does not know a hook that could matter. */
export async function uncoveredStages(
  hooks: readonly Hook[],
  { functionArn, stages }: z.output<typeof config>,
): Promise<readonly string[]> {
  const covered: string[] = [];
  let unknown: UnknownValueError | undefined;
  try {
    await checkEach(
      Array.from({ length: hooks.length }, (_, index) => () => {
        const hook = hooks[index];
        if (hook !== undefined && isTarget(hook, functionArn)) covered.push(...(hook.lifecycleStages ?? []));
      }),
    );
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    unknown = error;
  }
  const uncovered = stages.filter((stage) => !covered.includes(stage));
  if (uncovered.length > 0 && unknown !== undefined) throw unknown;
  return uncovered;
}

/** A version or an alias of the function is the function. */
function isTarget({ hookTargetArn }: Hook, functionArn: string): boolean {
  return hookTargetArn === functionArn || hookTargetArn?.startsWith(`${functionArn}:`) === true;
}

/** Deployments of a service with the ECS controller are verified. Off unless an environment enables it. */
export function verificationHook(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "verification-hook",
      description: "Services with the deployment controller of ECS have the verification hook.",
      severity: "high",
      remediationSteps:
        "Add the function to deploymentConfiguration.lifecycleHooks, at PRE_SCALE_UP and POST_SCALE_UP, with a role that may invoke it.",
      enforcementLevel: "disabled",
      config,
      applies: isService,
      async check(required, { props }, report) {
        if (readController(props) !== "ECS") return;
        const uncovered = await uncoveredStages(props.deploymentConfiguration?.lifecycleHooks ?? [], required);
        if (uncovered.length === 0) return;
        report(
          `No lifecycle hook invokes ${required.functionArn} at ${uncovered.join(" and ")}, so images of this service can start unverified.`,
        );
      },
    },
    options,
  );
}

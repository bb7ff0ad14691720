import {
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import * as z from "zod";
import { quote } from "../../trust/quote";
import { GATE_STAGES } from "../../verifier/src/gate/hook";
import { isGateFunction, readRegion } from "../reading/gates";
import { checkEach } from "../reading/preview-values";
import { isService, readController } from "../reading/services";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({
  functionArn: z
    .string()
    .regex(/^arn:[^:]+:lambda:[^:]+:[0-9]{12}:function:[^:]+$/, "must be the ARN of a Lambda function, unqualified")
    .optional()
    .describe(
      "The gate's function, for programs without the DeploymentGate component: output gateTargetArn without its last part",
    ),
  stages: z
    .array(z.string())
    .min(1)
    .default([...GATE_STAGES])
    .describe("The lifecycle stages at which it must be invoked"),
});

type Service = Pick<ResourceValidationArgs, "props" | "provider" | "urn" | "name">;

/** One lifecycle hook of a service. Its values may be unknown in a preview, and are read one by one. */
export interface Hook {
  readonly hookTargetArn?: string;
  readonly lifecycleStages?: readonly string[];
}

/** A function that gates services. */
interface Gate {
  /** Its ARN, or its name where a program makes it. */
  readonly function: string;
  readonly region?: string | undefined;
}

/** The stages at which no gate is invoked. Throws if a preview does not know a hook that could matter. */
export async function uncoveredStages(
  hooks: readonly Hook[],
  gates: readonly Gate[],
  stages: readonly string[],
): Promise<readonly string[]> {
  const covered: string[] = [];
  let unknown: UnknownValueError | undefined;
  try {
    await checkEach(
      Array.from({ length: hooks.length }, (_, index) => () => {
        const hook = hooks[index];
        if (hook !== undefined && invokes(hook, gates)) covered.push(...(hook.lifecycleStages ?? []));
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
function invokes({ hookTargetArn }: Hook, gates: readonly Gate[]): boolean {
  if (hookTargetArn === undefined) return false;
  const arn = hookTargetArn.split(":").slice(0, 7);
  return gates.some((gate) => gate.function === arn.join(":") || gate.function === arn.at(-1));
}

/** Whether a service could be gated by a gate: hooks to another region are documented nowhere. */
function isNear(service: Service, { region }: Gate): boolean {
  const own = readRegion(service);
  return own === undefined || region === undefined || own === region;
}

/**
 * Deployments of a service with the ECS controller ask the gate. It applies where the configuration names the gate's
 * function, or the program makes a `DeploymentGate`. A program may register services before the gate: they wait for it,
 * and are reported at the gate's function.
 */
export function verificationHook(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  const made = new Map<string, Gate>();
  const waiting = new Map<string, Service>();

  async function check(service: Service, gates: readonly Gate[], stages: readonly string[], report: ReportViolation) {
    const uncovered = await uncoveredStages(service.props.deploymentConfiguration?.lifecycleHooks ?? [], gates, stages);
    if (uncovered.length === 0) return;
    const functions = gates.map((gate) => gate.function).join(" or ");
    report(
      `The service ${quote(service.name)} has no lifecycle hook that invokes ${functions} at ${uncovered.join(" and ")}. Its first deployment is not gated, and later ones only where the keeper or \`ecs-image-verification gate attach\` has added the hook.`,
    );
  }

  return resourcePolicy(
    {
      name: "verification-hook",
      description:
        "Services with the deployment controller of ECS have the gate's hook from their first deployment on.",
      severity: "high",
      remediationSteps:
        "Use gateService or gateAllServices of the program's DeploymentGate; elsewhere add its function to deploymentConfiguration.lifecycleHooks, at PRE_SCALE_UP and POST_SCALE_UP, with the role that invokes it (docs/gate.md).",
      // A service without it is judged at launch, and the hook may be attached from outside.
      enforcementLevel: "advisory",
      config,
      applies: (args) => isService(args) || isGateFunction(args),
      async check({ functionArn, stages }, args, report) {
        if (isGateFunction(args)) {
          if (args.props.name !== undefined)
            made.set(args.urn, { function: args.props.name, region: readRegion(args) });
        } else if (readController(args.props) === "ECS") {
          waiting.set(args.urn, args);
        }
        await checkEach(
          [...waiting.values()].map((service) => async () => {
            const gates = functionArn === undefined ? [...made.values()] : [{ function: functionArn }];
            const near = gates.filter((gate) => isNear(service, gate));
            if (near.length === 0) return;
            waiting.delete(service.urn);
            await check(service, near, stages, report);
          }),
        );
      },
    },
    options,
  );
}

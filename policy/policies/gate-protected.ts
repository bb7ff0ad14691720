import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { isGateFunction, isOfGate } from "../reading/gates";
import { checkEach } from "../reading/preview-values";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({});

type Args = Pick<ResourceValidationArgs, "type" | "urn" | "props" | "opts">;

/** What the hooks of services name, or undefined for any other resource of a gate. */
function namedByHooks(args: Args): string | undefined {
  if (!isOfGate(args)) return undefined;
  if (isGateFunction(args)) return "function";
  if (args.type === "aws:lambda/alias:Alias") return "alias";
  return isInvokerRole(args) ? "role with which ECS invokes the function" : undefined;
}

function isInvokerRole({ type, props }: Args): boolean {
  if (type !== "aws:iam/role:Role") return false;
  const document = props.assumeRolePolicy;
  return (typeof document === "string" ? document : JSON.stringify(document ?? {})).includes('"ecs.amazonaws.com"');
}

/** How one of these could go away: each of the hooks names it by its ARN. */
const checks: readonly ((args: Args) => string | undefined)[] = [
  ({ opts }) => (opts.protect ? undefined : "is not protected: Pulumi may remove or replace it"),
  ({ props }) => (isMadeUp(props) ? "has no fixed name: Pulumi makes up another one when it replaces it" : undefined),
];

/** The AWS provider makes up a name that is not given, and lists the input under `__defaults` (Pulumi's Terraform bridge). */
function isMadeUp({ name, __defaults: madeUp = [] }: Args["props"]): boolean {
  return name === undefined || madeUp.includes("name");
}

/**
 * The parts of a gate that hooks name are protected, and have fixed names. A policy sees what a program wants, and not
 * what the stack has: that it removes or renames one is seen by the engine, which refuses it for what is protected.
 */
export function gateProtected(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "gate-protected",
      description: "What the hooks of services name (the gate's function, its alias and the role) is protected.",
      severity: "high",
      remediationSteps:
        "Leave name and protect of the DeploymentGate's resources as they are; to remove a gate, run `ecs-image-verification gate detach --all` first (docs/gate.md).",
      enforcementLevel: "mandatory",
      config,
      applies: (args) => namedByHooks(args) !== undefined,
      check: (_, args, report) =>
        checkEach(
          checks.map((problem) => () => {
            const found = problem(args);
            if (found === undefined) return;
            report(
              `The gate's ${namedByHooks(args)} ${found}. Once it is gone, ECS rolls back every deployment of the services that have the gate's hook.`,
            );
          }),
        ),
    },
    options,
  );
}

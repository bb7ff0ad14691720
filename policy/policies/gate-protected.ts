import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { GATE_NAME, INVOKER_NAME, LIVE } from "../../components/gate/gate-names";
import { quote } from "../../trust/quote";
import { type GatePart, partOfGate } from "../reading/gates";
import { checkEach } from "../reading/preview-values";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";

const config = z.strictObject({});

type Args = Pick<ResourceValidationArgs, "props" | "opts">;
type Check = (args: Args) => string | undefined;

const isProtected: Check = ({ opts }) =>
  opts.protect ? undefined : "is not protected, so Pulumi removes or replaces it without being told to";

/** A name that Pulumi makes up looks like a given one here, and changes when the resource is replaced. */
const hasName =
  (beginning: string, more: string): Check =>
  ({ props: { name } }) =>
    String(name).startsWith(beginning)
      ? undefined
      : `has the name ${quote(String(name))} instead of ${beginning}${more}`;

const checks: Readonly<Record<GatePart, readonly Check[]>> = {
  function: [isProtected, hasName(`${GATE_NAME}-`, "ENVIRONMENT")],
  alias: [
    isProtected,
    ({ props: { name } }) => (name === LIVE ? undefined : `has the name ${quote(String(name))} instead of ${LIVE}`),
  ],
  "invoker role": [isProtected, hasName(`${INVOKER_NAME}-`, "REGION-ENVIRONMENT")],
  guard: [
    ({ props: { lifecycleScope } }) =>
      lifecycleScope === "CRUD"
        ? undefined
        : "has no lifecycleScope CRUD, so its removal asks nobody whether services still have the hook",
  ],
};

/**
 * What the hooks of services name is protected and has its fixed name, and the guard of the gate is one. A policy sees what a
 * program wants, and not what the stack has, so it cannot see that something is removed or replaced; it sees that nothing
 * would refuse that.
 */
export function gateProtected(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "gate-protected",
      description: "What the hooks of services name cannot be removed or replaced by accident.",
      severity: "high",
      remediationSteps:
        "Set protect to true, and leave the names and the guard of the DeploymentGate as they are. To remove a gate, run `ecs-image-verification gate detach --all` first (docs/gate.md).",
      enforcementLevel: "mandatory",
      config,
      applies: (args) => partOfGate(args) !== undefined,
      check(_, args, report) {
        const part = partOfGate(args);
        if (part === undefined) return;
        return checkEach(
          checks[part].map((check) => () => {
            const problem = check(args);
            if (problem === undefined) return;
            report(
              `The gate's ${part} ${problem}. If the gate is gone while services have its hook, ECS rolls back each of their deployments.`,
            );
          }),
        );
      },
    },
    options,
  );
}

import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import * as z from "zod";
import { typeToken } from "../../components/type-token";
import { isInside, parseName } from "../reading/urn";
import { type PolicyOptions, resourcePolicy } from "../resource-policy";
import { roleWildcards } from "./role-wildcards";

const config = z.strictObject({
  allowed: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe("Further resources with wildcards, by action, exactly as the role's policy has them"),
});

const sweep = typeToken("Sweep");
/** What a sweep reads of ECS beside it, on every resource: components/aws/running-policies.ts gives the reason. */
const readsRunning = { "ecs:ListClusters": ["*"], "ecs:ListTasks": ["*"], "ecs:DescribeTasks": ["*"] };

const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const managedPolicy = "aws:iam/policy:Policy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const role = "aws:iam/role:Role";

/** The parts of a role that cannot be checked, or that allow too much. */
export function roleViolations(
  { type, props, urn }: Pick<ResourceValidationArgs, "type" | "props" | "urn">,
  given: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const allowed = isInside(urn, sweep) ? { ...readsRunning, ...given } : given;
  if (type === attachment) return isOwn(String(props.policyArn), parseName(urn)) ? [] : [foreign(props.policyArn)];
  if (type === rolePolicy || type === managedPolicy) return roleWildcards(toText(props.policy), allowed);
  const managed: readonly string[] = props.managedPolicyArns ?? [];
  const inline: readonly { readonly policy?: unknown }[] = props.inlinePolicies ?? [];
  return [...managed.map(foreign), ...inline.flatMap(({ policy }) => roleWildcards(toText(policy), allowed))];
}

function foreign(arn: unknown): string {
  return `The policy ${arn} is attached, and can change without this program.`;
}

/** Whether the component attaches a policy of its own, recognized by the name that Pulumi generates for it. */
function isOwn(policyArn: string, attachmentName: string): boolean {
  const [, account, , name = ""] = /^arn:[a-z-]+:iam::(.*?):policy\/(.*\/)?([^/]+)$/.exec(policyArn) ?? [];
  return account !== "aws" && name.startsWith(`${attachmentName.replace(/-attachment$/, "")}-`);
}

function toText(policy: unknown): string {
  return typeof policy === "string" ? policy : JSON.stringify(policy ?? null);
}

/** The roles of the verifier's function and of the sweep allow what these need, and nothing else. */
export function verifierRole(options?: PolicyOptions<typeof config>): ResourceValidationPolicy {
  return resourcePolicy(
    {
      name: "verifier-role",
      description: "The roles of the verifier's function and of the sweep have only those wildcards that AWS requires.",
      severity: "high",
      remediationSteps:
        "List the actions and the resources; leave the roles to the VerifierFunction and Sweep components.",
      enforcementLevel: "mandatory",
      config,
      applies: ({ type, urn }) =>
        [rolePolicy, managedPolicy, attachment, role].includes(type) &&
        [typeToken("VerifierFunction"), sweep].some((part) => isInside(urn, part)),
      check({ allowed }, args, report) {
        for (const violation of roleViolations(args, allowed)) report(violation);
      },
    },
    options,
  );
}

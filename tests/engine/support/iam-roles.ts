import type { ResourceKind } from "./resource-kind";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const INLINE = "aws:iam/rolePolicy:RolePolicy";

/** How many policies a role takes (IAM quotas, "Managed policies attached to an IAM role"). */
export const POLICIES_PER_ROLE = 10;

/** The roles that IAM has, with their policies. */
export interface IamRoles {
  /** The same kinds of resources, which keep IAM's rules for roles and their policies. */
  keepRules(kinds: Readonly<Record<string, ResourceKind>>): Readonly<Record<string, ResourceKind>>;
  /** ARNs of the policies that are attached to a role, the oldest first. */
  attached(role: string): readonly string[];
  /** `aws iam attach-role-policy`, which does nothing where the policy is attached already. */
  attach(role: string, policyArn: string): void;
  /** `aws iam detach-role-policy` */
  detach(role: string, policyArn: string): void;
}

/**
 * What is attached is not deleted, and nor is a role with policies (IAM API reference: AttachRolePolicy, DeletePolicy,
 * DeleteRole). That a policy has five versions at most is never seen: terraform-provider-aws removes the oldest before it makes
 * a sixth, and all of them before the policy (policyPruneVersions and resourcePolicyDelete, internal/service/iam/policy.go).
 */
export function iamRoles(): IamRoles {
  const attachments = new Map<string, Set<string>>();
  const inline = new Map<string, Set<string>>();
  const attached = (role: string) => [...(attachments.get(role) ?? [])];
  const attach = (role: string, policyArn: string) => {
    const policies = obtainSet(attachments, role);
    if (!policies.has(policyArn) && policies.size === POLICIES_PER_ROLE) {
      throw new Error(
        `attaching IAM Policy (${policyArn}) to IAM Role (${role}): LimitExceeded: Cannot exceed quota for PoliciesPerRole: ${POLICIES_PER_ROLE}`,
      );
    }
    policies.add(policyArn);
  };
  const detach = (role: string, policyArn: string) => {
    obtainSet(attachments, role).delete(policyArn);
  };
  const conflict = (what: string, why: string) =>
    new Error(`deleting IAM ${what}: DeleteConflict: Cannot delete ${why}`);

  function role(kind: ResourceKind): ResourceKind {
    return {
      ...kind,
      async remove(resource, old) {
        if (attached(old.id).length > 0) throw conflict(`Role (${old.id})`, "entity, must detach all policies first.");
        if (inline.get(old.id)?.size) throw conflict(`Role (${old.id})`, "entity, must delete policies first.");
        await kind.remove?.(resource, old);
      },
    };
  }

  function policy(kind: ResourceKind): ResourceKind {
    return {
      ...kind,
      async remove(resource, old) {
        const used = [...attachments.values()].some((policies) => policies.has(old.id));
        if (used) throw conflict(`Policy (${old.id})`, "a policy attached to entities.");
        await kind.remove?.(resource, old);
      },
    };
  }

  function attachment(kind: ResourceKind): ResourceKind {
    return {
      ...kind,
      create(resource) {
        attach(String(resource.inputs.role), String(resource.inputs.policyArn));
        return kind.create(resource);
      },
      // Of a role that was imported with a state nothing is known.
      read({ id, properties }) {
        const [name = "", ...arn] = id.split(":");
        return attachments.get(name)?.has(arn.join(":")) === false ? undefined : properties;
      },
      async remove(resource, old) {
        detach(String(resource.inputs.role), String(resource.inputs.policyArn));
        await kind.remove?.(resource, old);
      },
    };
  }

  function inlinePolicy(kind: ResourceKind): ResourceKind {
    return {
      ...kind,
      async create(resource) {
        const made = await kind.create(resource);
        obtainSet(inline, String(resource.inputs.role)).add(made.id);
        return made;
      },
      async remove(resource, old) {
        obtainSet(inline, String(resource.inputs.role)).delete(old.id);
        await kind.remove?.(resource, old);
      },
    };
  }

  const rules = new Map([
    [ROLE, role],
    [POLICY, policy],
    [ATTACHMENT, attachment],
    [INLINE, inlinePolicy],
  ]);
  return {
    keepRules: (kinds) =>
      Object.fromEntries(Object.entries(kinds).map(([type, kind]) => [type, rules.get(type)?.(kind) ?? kind])),
    attached,
    attach,
    detach,
  };
}

function obtainSet(sets: Map<string, Set<string>>, name: string): Set<string> {
  const found = sets.get(name) ?? new Set();
  sets.set(name, found);
  return found;
}

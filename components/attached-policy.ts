import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";

export interface AttachedPolicyArgs {
  readonly role: iam.Role;
  readonly description: string;
  /** The policy, as JSON: 6,144 characters at most. */
  readonly policy: pulumi.Input<string>;
}

export interface AttachedPolicy {
  /** The policy, as JSON. */
  readonly text: pulumi.Output<string>;
  readonly attachment: iam.RolePolicyAttachment;
}

/**
 * Gives a role a policy of its own that is never changed, only replaced: the new one is attached before whatever depends on
 * the attachment is updated, and the old one is taken away at the end of the update (Pulumi deletes what it has replaced
 * last). So an earlier image of the function keeps what it may do until the new one runs, also where the update fails in
 * between.
 */
export function attachPolicy(name: string, args: AttachedPolicyArgs, parent: pulumi.Resource): AttachedPolicy {
  const { role, description, policy } = args;
  const managed = new iam.Policy(name, { description, policy }, { parent, replaceOnChanges: ["policy"] });
  const attachment = new iam.RolePolicyAttachment(
    `${name}-attachment`,
    { role: role.name, policyArn: managed.arn },
    // The provider would delete the old one first: another policy of the same name is the same attachment to AWS
    // (pulumi-aws, provider/resources.go). The names that Pulumi makes up differ.
    { parent, deleteBeforeReplace: false },
  );
  return { text: managed.policy, attachment };
}

import * as iam from "@pulumi/aws/iam";
import type { Child, MakeChild } from "../children";

/** The policies of a function that judges images, each with its attachment to the role. */
export interface RolePolicyChildren {
  /** What the function reads. */
  readonly reading?: Child<iam.PolicyArgs>;
  readonly readingAttachment?: Child<iam.RolePolicyAttachmentArgs>;
  /** What it does with a verdict. */
  readonly acting?: Child<iam.PolicyArgs>;
  readonly actingAttachment?: Child<iam.RolePolicyAttachmentArgs>;
}

/**
 * Attaches a policy to the role. The policy is never changed, only replaced: the new one is attached before the resources
 * that depend on the attachment are updated, and the old one is removed at the end of the update, when Pulumi deletes
 * replaced resources. So the function's earlier image keeps its permissions until the new one runs, even if the update
 * fails in between.
 */
export function attachPolicy(
  name: string,
  kind: "reading" | "acting",
  child: MakeChild<RolePolicyChildren>,
  role: iam.Role,
  args: Required<Pick<iam.PolicyArgs, "description" | "policy">>,
) {
  const policy = new iam.Policy(`${name}-${kind}`, ...child(kind, args, { replaceOnChanges: ["policy"] }));
  const attachment = new iam.RolePolicyAttachment(
    `${name}-${kind}-attachment`,
    ...child(
      `${kind}Attachment`,
      { role: role.name, policyArn: policy.arn },
      // The provider would delete the old attachment first, because a policy of the same name would be the same attachment
      // to AWS (pulumi-aws, provider/resources.go). Pulumi's automatic names differ, so that is not needed.
      { deleteBeforeReplace: false },
    ),
  );
  return { text: policy.policy, attachment };
}

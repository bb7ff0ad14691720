import { eachOnce, textLike } from "../trust/text/fields";

/** The ARN of an ECS cluster. */
export const clusterArn = textLike(
  /^arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster\/[A-Za-z0-9_-]{1,255}$/,
  "the ARN of a cluster, such as arn:aws:ecs:eu-west-1:111122223333:cluster/web",
);

/** The ARN of an IAM role. */
export const roleArn = textLike(
  /^arn:[a-z-]+:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_/-]{1,600}$/,
  "the ARN of an IAM role, such as arn:aws:iam::111122223333:role/on-call",
);

/** Who may give a kind of order. */
export const orderPrincipals = eachOnce(roleArn, (arn) => arn, "a role")
  .min(1)
  .optional();

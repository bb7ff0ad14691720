import type { PolicyDocument, PolicyStatement } from "../aws/iam";

/** Who may give orders of the moment, and where. */
export interface OrderGivers {
  /** Such as `aws`. */
  readonly partition: string;
  /** AWS account: 12 digits. */
  readonly account: string;
  readonly environment: string;
  /** ARNs of roles that may block. If undefined, IAM decides. */
  readonly mayBlock?: readonly string[] | undefined;
  /** ARNs of roles that may exempt. If undefined, IAM decides. */
  readonly mayExempt?: readonly string[] | undefined;
  /** ARNs of roles that may open the deployment gate. If undefined, IAM decides. */
  readonly mayOpen?: readonly string[] | undefined;
  /** Whether the environment allows exemptions. */
  readonly areExemptionsAllowed: boolean;
  /** Whether its deployment gate can be opened. */
  readonly areOpeningsAllowed: boolean;
}

/**
 * Everything needed to manage a key (AWS KMS developer guide, "Default key policy", key administrators) without
 * `kms:CreateGrant`, which could hand kms:Encrypt to others.
 */
const MANAGE = [
  ...["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias", "kms:DescribeKey", "kms:UpdateKeyDescription"],
  ...["kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:ListKeyPolicies", "kms:EnableKey", "kms:DisableKey"],
  ...["kms:GetKeyRotationStatus", "kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:ListKeyRotations"],
  ...["kms:ListResourceTags", "kms:TagResource", "kms:UntagResource", "kms:ListGrants", "kms:RevokeGrant"],
  ...["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"],
];

/**
 * The policy of the key that proves orders. Giving an order means encrypting with this key, bound to this environment and
 * to a kind of order. Nobody is allowed any other action that makes ciphertexts (`kms:ReEncrypt*`,
 * `kms:GenerateDataKey*`). Checking an order means decrypting, which reveals no secret, so IAM decides who may do it. If
 * the environment allows no exemptions, nobody has the permission to give one, and likewise for openings of the gate. That a condition on the encryption context
 * holds for kms:Encrypt and kms:Decrypt in a key's policy (AWS KMS developer guide, "kms:EncryptionContext:context-key")
 * was not tried: inferred (kms-context-condition).
 */
export function orderKeyPolicy(givers: OrderGivers): PolicyDocument {
  const { partition, account, environment, mayBlock, mayExempt, mayOpen } = givers;
  // Stands for everyone whom IAM allows (AWS KMS developer guide, "Allows access to the AWS account").
  const byIam = [`arn:${partition}:iam::${account}:root`];
  const allow = (
    Sid: string,
    principals: readonly string[],
    Action: readonly string[],
    context?: Readonly<Record<string, string>>,
  ): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: [...principals] },
    Action,
    Resource: ["*"],
    ...(context === undefined ? {} : { Condition: { StringEquals: inContext(context) } }),
  });
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Manage", byIam, MANAGE),
      allow("Block", mayBlock ?? byIam, ["kms:Encrypt"], { environment, kind: "block" }),
      ...(givers.areExemptionsAllowed
        ? [allow("Exempt", mayExempt ?? byIam, ["kms:Encrypt"], { environment, kind: "exempt" })]
        : []),
      ...(givers.areOpeningsAllowed
        ? [allow("Open", mayOpen ?? byIam, ["kms:Encrypt"], { environment, kind: "open" })]
        : []),
      allow("Check", byIam, ["kms:Decrypt"], { environment }),
    ],
  };
}

/** The condition keys for the pairs of an encryption context. */
function inContext(context: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]));
}

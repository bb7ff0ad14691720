import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import { withoutUndefined } from "../../trust/text/without-undefined";

/** How a function's log is kept. */
export interface LogArgs {
  /** How long it is kept, in days. Default: 90. */
  logRetentionDays?: pulumi.Input<number> | undefined;
  /** ARN of the KMS key for it, whose policy must let CloudWatch Logs use it. Default: CloudWatch Logs' own encryption. */
  logKmsKeyArn?: pulumi.Input<string> | undefined;
}

export function logArgs({ logRetentionDays, logKmsKeyArn }: LogArgs): cloudwatch.LogGroupArgs {
  return { retentionInDays: logRetentionDays ?? 90, ...withoutUndefined({ kmsKeyId: logKmsKeyArn }) };
}

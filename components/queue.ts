import * as sqs from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";

/** How long a message is kept, in seconds: 14 days, the maximum (SQS quotas). */
const RETENTION_SECONDS = 14 * 86_400;

/** A queue for what went wrong, encrypted, that keeps it as long as SQS can. */
export function failureQueue(name: string, opts: pulumi.CustomResourceOptions): sqs.Queue {
  return new sqs.Queue(name, { messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true }, opts);
}

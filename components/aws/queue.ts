import type * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { STOP_WINDOW_MS } from "../../verifier/src/reporting/ledger/stop-window";
import { SWEEP_ATTEMPTS } from "../../verifier/src/sweep/attempts";

/** How long a message is kept, in seconds: 14 days, the maximum (SQS quotas). */
const RETENTION_SECONDS = 14 * 86_400;

/** How often a waiting stop is tried before it goes to the failure queue. */
const MOST_WINDOWS = 12;

/** An encrypted queue for failures, which keeps messages as long as SQS can. */
export const FAILURE_QUEUE: sqs.QueueArgs = {
  messageRetentionSeconds: RETENTION_SECONDS,
  sqsManagedSseEnabled: true,
};

/** How long an image waits for the worker, in seconds: a day. By then other sweeps have found it again. */
const SWEEP_RETENTION_SECONDS = 86_400;

export interface SweepQueueArgs {
  /** ARN of the queue for images that could not be judged at any attempt. */
  readonly deadLetterQueueArn: pulumi.Input<string>;
  /** Of the worker, in seconds. */
  readonly functionTimeout: pulumi.Input<number>;
}

/**
 * An encrypted queue for the images that a sweep has found. A message is hidden for six times the function's timeout, so that
 * Lambda can retry a batch that was throttled (Lambda developer guide, "Using Lambda with Amazon SQS").
 */
export function sweepQueue({ deadLetterQueueArn, functionTimeout }: SweepQueueArgs): sqs.QueueArgs {
  return {
    ...FAILURE_QUEUE,
    messageRetentionSeconds: SWEEP_RETENTION_SECONDS,
    visibilityTimeoutSeconds: pulumi.output(functionTimeout).apply((timeout) => 6 * timeout),
    redrivePolicy: pulumi
      .output(deadLetterQueueArn)
      .apply((deadLetterTargetArn) => JSON.stringify({ deadLetterTargetArn, maxReceiveCount: SWEEP_ATTEMPTS })),
  };
}

export interface PostponedQueueArgs {
  /** ARN of the queue for stops that were tried too often. */
  readonly failureQueueArn: pulumi.Input<string>;
  /** In seconds. */
  readonly functionTimeout: pulumi.Input<number>;
}

/**
 * An encrypted queue for stops that wait for the next window of the budget. A message that the function has received and
 * not finished is hidden for one window. Lambda refuses a queue whose visibility timeout is shorter than the function's
 * timeout (Lambda developer guide, "Using Lambda with Amazon SQS").
 */
export function postponedQueue({ failureQueueArn, functionTimeout }: PostponedQueueArgs): sqs.QueueArgs {
  return {
    ...FAILURE_QUEUE,
    visibilityTimeoutSeconds: pulumi
      .output(functionTimeout)
      .apply((timeout) => Math.max(STOP_WINDOW_MS / 1000, timeout)),
    redrivePolicy: pulumi
      .output(failureQueueArn)
      .apply((deadLetterTargetArn) => JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MOST_WINDOWS })),
  };
}

import { withoutUndefined } from "../../trust/text/without-undefined";

/** The most characters of an event pattern (EventBridge quotas). */
export const PATTERN_LIMIT = 2048;

/**
 * The event pattern for launches, as JSON. PROVISIONING alone would miss tasks on EC2 in the network modes bridge, host
 * and none, which begin at PENDING, inferred (ec2-tasks-begin-pending) from the ECS API's examples. RUNNING events have
 * the digests. STOPPED events have the digests of a task that ended before RUNNING was reported.
 *
 * @param clusters ARNs of the clusters to watch; every cluster if undefined.
 */
export function launchPattern(clusters: readonly string[] | undefined): string {
  return JSON.stringify({
    source: ["aws.ecs"],
    "detail-type": ["ECS Task State Change"],
    detail: {
      ...withoutUndefined({ clusterArn: clusters }),
      $or: [
        { desiredStatus: ["RUNNING"], lastStatus: ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING"] },
        { lastStatus: ["STOPPED"] },
      ],
    },
  });
}

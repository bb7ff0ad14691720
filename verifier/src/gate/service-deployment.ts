import { DescribeServiceDeploymentsCommand, type ECSClient } from "@aws-sdk/client-ecs";

/** What ECS knows about a service deployment. */
export interface ServiceDeploymentFacts {
  /** When it was created, in milliseconds since 1970. */
  readonly createdAt: number | undefined;
  /** ECS is on its way back to an earlier revision. */
  readonly isRollingBack: boolean;
  /** ARNs of the other revisions that the service runs tasks of. */
  readonly running: readonly string[];
  /** Whether ECS names no other revision that it could roll back to. */
  readonly isFirst: boolean;
}

/** States of a deployment that goes back (API reference, ServiceDeployment). */
const ROLLING_BACK: ReadonlySet<string> = new Set(["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"]);

/**
 * Reads a service deployment. Its source revisions are "the currently deployed workload configuration" (API reference,
 * ServiceDeployment); that one with running tasks is what the service runs now is inferred (gate-source-revisions). Needs
 * `ecs:DescribeServiceDeployments`.
 *
 * @throws the errors of the SDK, and an Error if ECS does not know the deployment.
 */
export async function readServiceDeployment(ecs: ECSClient, arn: string): Promise<ServiceDeploymentFacts> {
  const { serviceDeployments = [] } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
  );
  const found = serviceDeployments.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn);
  if (found === undefined) throw new Error(`ECS does not know the service deployment ${arn}`);
  const { createdAt, status = "", sourceServiceRevisions = [], targetServiceRevision } = found;
  const sources = sourceServiceRevisions.filter((source) => source.arn !== targetServiceRevision?.arn);
  return {
    createdAt: createdAt?.getTime(),
    isRollingBack: ROLLING_BACK.has(status),
    running: sources.flatMap((source) => (source.arn && (source.runningTaskCount ?? 0) > 0 ? [source.arn] : [])),
    isFirst: sources.length === 0,
  };
}

import { DescribeServiceDeploymentsCommand, type ECSClient, ListServiceDeploymentsCommand } from "@aws-sdk/client-ecs";
import { withoutUndefined } from "../../../trust/text/without-undefined";

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

/** A page has up to 100 deployments (API reference, ListServiceDeployments). */
const MOST_PAGES = 3;

/** Which revisions of a service have been deployed to the end. */
export type WasDeployed = (revisionArn: string) => boolean;

/**
 * Reads the deployments of a service: 90 days of them (ECS developer guide, "Service deployments"). A revision counts as deployed
 * if its deployment was successful, or is older than that. One whose deployment is in progress, was stopped or was rolled back
 * does not: its tasks may run although the gate has refused it. Needs `ecs:ListServiceDeployments`.
 *
 * @throws the errors of the SDK.
 */
export async function readWasDeployed(
  ecs: ECSClient,
  { serviceArn, clusterArn }: { readonly serviceArn: string; readonly clusterArn: string },
): Promise<WasDeployed> {
  const statuses = new Map<string, string>();
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { service: serviceArn, cluster: clusterArn, maxResults: 100, ...withoutUndefined({ nextToken }) };
    const { serviceDeployments = [], nextToken: next } = await ecs.send(new ListServiceDeploymentsCommand(asked));
    for (const { targetServiceRevisionArn: arn, status = "" } of serviceDeployments) {
      // A revision may be deployed again by a roll-back: any deployment that did not end well counts.
      if (arn !== undefined && (statuses.get(arn) ?? "SUCCESSFUL") === "SUCCESSFUL") statuses.set(arn, status);
    }
    nextToken = next;
    if (nextToken === undefined) break;
  }
  const isWhole = nextToken === undefined;
  return (revisionArn) => {
    const status = statuses.get(revisionArn);
    return status === undefined ? isWhole : status === "SUCCESSFUL";
  };
}

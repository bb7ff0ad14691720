import {
  ClusterNotFoundException,
  ConflictException,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
  ServiceDeploymentNotFoundException,
  type ServiceDeploymentStatus,
  ServiceNotFoundException,
  StopServiceDeploymentCommand,
  UnsupportedFeatureException,
} from "@aws-sdk/client-ecs";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Launch } from "../ecs/launch";

/** What became of the deployment that has started a task. */
export type RollBack =
  | "rolled-back"
  /** There is none in progress that has. */
  | "nothing-in-progress"
  /** It is the service's first: there is no revision to go back to, and it was left alone. */
  | "first-deployment";

/**
 * Rolls back the deployment in progress that has started this task: the one whose target revision has its task
 * definition. The service's name comes from the task's group, which is no proof: whoever may call RunTask may choose it.
 *
 * @throws what ECS refuses, also if it finds nothing to go back to where there seemed to be something.
 */
export async function rollBackDeployment(ecs: ECSClient, launch: Launch, service: string): Promise<RollBack> {
  const [inProgress, ended] = await Promise.all([
    deployments(ecs, launch, service, ["PENDING", "IN_PROGRESS"]),
    deployments(ecs, launch, service, ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"]),
  ]);
  if (inProgress.length === 0) return "nothing-in-progress";
  const [targets, hasSource] = await Promise.all([
    readRevisions(ecs, inProgress, launch.taskDefinitionArn),
    // The history has only the last 90 days (developer guide, service deployments).
    ended.length > 0 ? () => true : readSources(ecs, inProgress),
  ]);
  const started = inProgress.find(({ targetServiceRevisionArn: arn }) => arn !== undefined && targets.has(arn));
  const arn = started?.serviceDeploymentArn;
  if (arn === undefined) return "nothing-in-progress";
  return hasSource(arn) ? stopDeployment(ecs, arn) : "first-deployment";
}

/** Deployments of the service with one of these statuses: one page of them. */
async function deployments(
  ecs: ECSClient,
  { clusterArn }: Launch,
  service: string,
  status: ServiceDeploymentStatus[],
): Promise<readonly ServiceDeploymentBrief[]> {
  try {
    let nextToken: string | undefined;
    // A page can be empty and not be the last.
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const asked = withoutUndefined({ cluster: clusterArn, service, status, nextToken });
      const answer = await ecs.send(new ListServiceDeploymentsCommand(asked));
      if (answer.serviceDeployments?.length) return answer.serviceDeployments;
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
    return [];
  } catch (error) {
    if (NO_DEPLOYMENTS.some((kind) => error instanceof kind)) return [];
    throw error;
  }
}

/** A page has up to 20 deployments, as many as can be described at once (API reference). */
const MOST_PAGES = 10;

/**
 * Services of other deployment controllers have no service deployments; and a group that names no service, or one that
 * is gone, must not make every response to its tasks fail.
 */
const NO_DEPLOYMENTS = [
  UnsupportedFeatureException,
  ServiceNotFoundException,
  ClusterNotFoundException,
  InvalidParameterException,
];

/** The target revisions that have the task definition. */
async function readRevisions(
  ecs: ECSClient,
  inProgress: readonly ServiceDeploymentBrief[],
  taskDefinition: string,
): Promise<ReadonlySet<string>> {
  const serviceRevisionArns = inProgress.flatMap(({ targetServiceRevisionArn: arn }) =>
    arn === undefined ? [] : [arn],
  );
  const { serviceRevisions = [] } = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }));
  return new Set(
    serviceRevisions.flatMap((found) =>
      found.taskDefinition === taskDefinition && found.serviceRevisionArn !== undefined
        ? [found.serviceRevisionArn]
        : [],
    ),
  );
}

/**
 * Whether a deployment has begun with another revision than the one that it deploys: ECS lists "the currently deployed
 * workload configuration" (API reference, ServiceDeployment). That a first deployment lists none, and that ECS can go
 * back to any that is listed, is inferred (roll-back-target).
 */
async function readSources(
  ecs: ECSClient,
  inProgress: readonly ServiceDeploymentBrief[],
): Promise<(serviceDeploymentArn: string) => boolean> {
  const serviceDeploymentArns = inProgress.flatMap(({ serviceDeploymentArn: arn }) => (arn === undefined ? [] : [arn]));
  const { serviceDeployments = [] } = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
  return (arn) => {
    const described = serviceDeployments.find(({ serviceDeploymentArn }) => serviceDeploymentArn === arn);
    // What was not found out is no proof of a first deployment: ECS has the last word on the roll-back.
    if (described === undefined) return true;
    const { sourceServiceRevisions = [], targetServiceRevision } = described;
    return sourceServiceRevisions.some((source) => source.arn !== targetServiceRevision?.arn);
  };
}

async function stopDeployment(ecs: ECSClient, serviceDeploymentArn: string): Promise<RollBack> {
  try {
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
    return "rolled-back";
  } catch (error) {
    // Another task's verdict has begun the roll-back already.
    if (error instanceof ConflictException) return "rolled-back";
    if (error instanceof ServiceDeploymentNotFoundException || error instanceof UnsupportedFeatureException)
      return "nothing-in-progress";
    throw error;
  }
}

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

/** The result for the deployment that started the task. */
export type RollBack =
  | "rolled-back"
  /** No deployment in progress started the task. */
  | "nothing-in-progress"
  /** It is the first of the service: there is no earlier revision to roll back to, so it was left unchanged. */
  | "first-deployment";

/**
 * Rolls back the deployment in progress that started this task: the one whose target revision has the task's
 * definition. The service's name comes from the task's group, which is no proof: anyone who may call RunTask can choose
 * it.
 *
 * @throws the errors of ECS, also when it finds nothing to roll back to although an earlier revision is listed.
 */
export async function rollBackDeployment(ecs: ECSClient, launch: Launch, service: string): Promise<RollBack> {
  const [inProgress, ended] = await Promise.all([
    deployments(ecs, launch, service, ["PENDING", "IN_PROGRESS"]),
    deployments(ecs, launch, service, ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"]),
  ]);
  if (inProgress.length === 0) return "nothing-in-progress";
  const [targets, hasSource] = await Promise.all([
    readRevisions(ecs, inProgress, launch.taskDefinitionArn),
    // The history covers only the last 90 days (developer guide, service deployments).
    ended.length > 0 ? () => true : readSources(ecs, inProgress),
  ]);
  const started = inProgress.find(({ targetServiceRevisionArn: arn }) => arn !== undefined && targets.has(arn));
  const arn = started?.serviceDeploymentArn;
  if (arn === undefined) return "nothing-in-progress";
  return hasSource(arn) ? stopDeployment(ecs, arn) : "first-deployment";
}

/** Deployments of the service with one of these statuses; one page of them. */
async function deployments(
  ecs: ECSClient,
  { clusterArn }: Launch,
  service: string,
  status: ServiceDeploymentStatus[],
): Promise<readonly ServiceDeploymentBrief[]> {
  try {
    let nextToken: string | undefined;
    // A page can be empty without being the last.
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

/** A page has up to 20 deployments, the maximum that one call can describe (API reference). */
const MOST_PAGES = 10;

/**
 * Services with other deployment controllers have no service deployments. A group that names no service, or a deleted
 * one, must not make every response to its tasks fail.
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
 * Whether a deployment started from another revision than the one it deploys: ECS lists "the currently deployed
 * workload configuration" (API reference, ServiceDeployment). That a first deployment lists none, and that ECS can roll
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
    // Missing information is no proof of a first deployment: let ECS decide about the rollback.
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
    // The verdict on another task has already started the rollback.
    if (error instanceof ConflictException) return "rolled-back";
    if (error instanceof ServiceDeploymentNotFoundException || error instanceof UnsupportedFeatureException)
      return "nothing-in-progress";
    throw error;
  }
}

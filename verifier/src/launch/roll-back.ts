import {
  ClusterNotFoundException,
  ConflictException,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
  ServiceDeploymentNotFoundException,
  ServiceNotFoundException,
  StopServiceDeploymentCommand,
  UnsupportedFeatureException,
} from "@aws-sdk/client-ecs";
import type { Launch } from "../ecs/launch";

/**
 * Rolls back the deployment in progress that has started this task: the one whose target revision has its task
 * definition. The service's name comes from the task's group, which is no proof: whoever may call RunTask may choose it.
 * False: there is none.
 */
export async function rollBackDeployment(ecs: ECSClient, launch: Launch, service: string): Promise<boolean> {
  for (const { serviceDeploymentArn, targetServiceRevisionArn } of await deploymentsInProgress(ecs, launch, service)) {
    if (serviceDeploymentArn === undefined || targetServiceRevisionArn === undefined) continue;
    if (!(await hasTaskDefinition(ecs, targetServiceRevisionArn, launch.taskDefinitionArn))) continue;
    return stopDeployment(ecs, serviceDeploymentArn);
  }
  return false;
}

async function deploymentsInProgress(
  ecs: ECSClient,
  { clusterArn }: Launch,
  service: string,
): Promise<readonly ServiceDeploymentBrief[]> {
  try {
    const { serviceDeployments = [] } = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster: clusterArn, service, status: ["PENDING", "IN_PROGRESS"] }),
    );
    return serviceDeployments;
  } catch (error) {
    if (NO_DEPLOYMENTS.some((kind) => error instanceof kind)) return [];
    throw error;
  }
}

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

async function hasTaskDefinition(ecs: ECSClient, revision: string, taskDefinition: string): Promise<boolean> {
  const answer = await ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] }));
  return answer.serviceRevisions?.some((found) => found.taskDefinition === taskDefinition) ?? false;
}

async function stopDeployment(ecs: ECSClient, serviceDeploymentArn: string): Promise<boolean> {
  try {
    await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
    return true;
  } catch (error) {
    // Another task's verdict has begun the roll-back already.
    if (error instanceof ConflictException) return true;
    if (error instanceof ServiceDeploymentNotFoundException || error instanceof UnsupportedFeatureException)
      return false;
    throw error;
  }
}

import {
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ListServiceDeploymentsCommandOutput,
  type Service,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
} from "@aws-sdk/client-ecs";

/** The revisions of a service that a deployment may deploy again: ARNs. */
export interface ServiceRevisions {
  /** Those that it runs, or is about to: during a deployment, several. */
  readonly running: readonly string[];
  /** The one before, to which one would go back; undefined if ECS knows none. */
  readonly previous: string | undefined;
}

/**
 * The deployments of a service that ECS still knows, of the last 90 days, the newest first: that ECS lists them so is
 * inferred (service-deployment-order). Needs `ecs:ListServiceDeployments`.
 */
export async function* listDeployments(
  ecs: ECSClient,
  { clusterArn: cluster, serviceArn: service }: Pick<Service, "clusterArn" | "serviceArn">,
  status?: ServiceDeploymentStatus,
): AsyncGenerator<ServiceDeploymentBrief> {
  let nextToken: string | undefined;
  do {
    const asked = new ListServiceDeploymentsCommand({ cluster, service, status: status && [status], nextToken });
    const { serviceDeployments = [], nextToken: next }: ListServiceDeploymentsCommandOutput = await ecs.send(asked);
    yield* serviceDeployments;
    nextToken = next;
  } while (nextToken !== undefined);
}

/**
 * Finds the revisions of a service. What DescribeServices calls its current revisions is what it runs or deploys: inferred
 * (current-service-revisions). Where it names none, the target of the last successful deployment stands for them. Needs
 * `ecs:ListServiceDeployments`.
 */
export async function findRevisions(ecs: ECSClient, service: Service): Promise<ServiceRevisions> {
  const { currentServiceRevisions = [] } = service;
  const current = currentServiceRevisions.flatMap(({ arn }) => (arn ? [arn] : []));
  const running = new Set(current);
  for await (const { targetServiceRevisionArn: target } of listDeployments(ecs, service, "SUCCESSFUL")) {
    if (!target || running.has(target)) continue;
    if (running.size > 0) return { running: [...running], previous: target };
    running.add(target);
  }
  return { running: [...running], previous: undefined };
}

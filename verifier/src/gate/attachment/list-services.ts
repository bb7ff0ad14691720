import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  type ECSClient,
  type Failure,
  paginateListServices,
  type Service,
} from "@aws-sdk/client-ecs";
import { lastPart } from "../../ecs/arn";
import type { ServiceReference } from "./service-reference";

/** Services that one call describes (API reference, DescribeServices). */
const PER_CALL = 10;

/** A service that was asked for, and what ECS says about it; undefined if ECS does not know it. */
export interface FoundService {
  readonly reference: ServiceReference;
  readonly service: Service | undefined;
}

/** What a cluster that ECS does not know means. */
export interface ListOptions {
  /** It is an error. Default: it has no services. */
  readonly mustExist?: boolean;
}

/** The services of a cluster, by their ARNs. Needs `ecs:ListServices`. */
export async function listServices(
  ecs: ECSClient,
  cluster: string,
  { mustExist = false }: ListOptions = {},
): Promise<readonly ServiceReference[]> {
  const found: ServiceReference[] = [];
  try {
    for await (const { serviceArns = [] } of paginateListServices({ client: ecs, pageSize: 100 }, { cluster })) {
      found.push(...serviceArns.map((service) => ({ cluster, service })));
    }
  } catch (error) {
    if (error instanceof ClusterNotFoundException && !mustExist) return [];
    throw error;
  }
  return found;
}

/**
 * Describes services, ten a call, in their order within each cluster. Needs `ecs:DescribeServices`.
 *
 * @throws the errors of ECS, and an error for a service that ECS does not describe without saying that there is none.
 */
export async function* describeServices(
  ecs: ECSClient,
  references: readonly ServiceReference[],
): AsyncGenerator<FoundService> {
  for (const cluster of new Set(references.map((one) => one.cluster))) {
    const inCluster = references.filter((one) => one.cluster === cluster);
    for (let start = 0; start < inCluster.length; start += PER_CALL) {
      yield* await describeSome(ecs, cluster, inCluster.slice(start, start + PER_CALL));
    }
  }
}

/** Describes one service. */
export async function describeService(ecs: ECSClient, reference: ServiceReference): Promise<Service | undefined> {
  const [found] = await describeSome(ecs, reference.cluster, [reference]);
  return found?.service;
}

async function describeSome(
  ecs: ECSClient,
  cluster: string,
  references: readonly ServiceReference[],
): Promise<readonly FoundService[]> {
  const asked = references.map(({ service }) => service);
  const answer = await describeUnlessGone(ecs, cluster, asked);
  return references.map((reference) => {
    const service = answer?.services.find((one) => isMeant(one, reference));
    if (answer !== undefined && service === undefined) checkFailure(reference, answer.failures);
    return { reference, service };
  });
}

/** Undefined if there is no such cluster. */
async function describeUnlessGone(ecs: ECSClient, cluster: string, asked: string[]) {
  try {
    const { services = [], failures = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: asked }));
    return { services, failures };
  } catch (error) {
    if (error instanceof ClusterNotFoundException) return undefined;
    throw error;
  }
}

/** A service is asked for by its ARN or its name. */
function isMeant({ serviceArn, serviceName }: Service, { service }: ServiceReference): boolean {
  return serviceArn === service || serviceName === service;
}

/** MISSING: there is no such service (ECS developer guide, "API failures messages"). Anything else tells nothing of it. */
function checkFailure({ service }: ServiceReference, failures: readonly Failure[]): void {
  const name = lastPart(service);
  const failure = failures.find(({ arn = "" }) => arn === service || arn.endsWith(`/${name}`));
  if (failure?.reason === "MISSING") return;
  throw new Error(
    `ECS does not describe ${service}: ${failure?.reason ?? "no reason"} ${failure?.detail ?? ""}`.trim(),
  );
}

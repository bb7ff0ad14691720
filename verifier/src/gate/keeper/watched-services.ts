import type { ECSClient } from "@aws-sdk/client-ecs";
import { listClusters } from "../../ecs/clusters";
import { describeServices, type FoundService, listServices } from "../attachment/list-services";
import type { ServiceReference } from "../attachment/service-reference";
import type { KeeperEnvironment } from "./environment";

/** Services that are described together: as many as one call of ECS takes. */
const TOGETHER = 10;

/** Whether a service is in a cluster that the environment watches. */
export function isWatched({ cluster }: ServiceReference, { watchedClusters }: KeeperEnvironment): boolean {
  return watchedClusters === undefined || watchedClusters.includes(cluster);
}

/**
 * Describes every watched service.
 *
 * @param onError called for what could not be listed or described; the rest goes on. It may throw.
 * @throws if the clusters cannot be listed.
 */
export async function* watchedServices(
  ecs: ECSClient,
  { watchedClusters }: KeeperEnvironment,
  onError: (what: string, error: unknown, services: number) => void,
): AsyncGenerator<FoundService> {
  for (const cluster of watchedClusters ?? (await listClusters(ecs))) {
    let listed: readonly ServiceReference[];
    try {
      listed = await listServices(ecs, cluster);
    } catch (error) {
      onError(`The services of ${cluster} could not be listed`, error, 0);
      continue;
    }
    for (let start = 0; start < listed.length; start += TOGETHER) {
      const some = listed.slice(start, start + TOGETHER);
      const described: FoundService[] = [];
      try {
        for await (const one of describeServices(ecs, some)) described.push(one);
      } catch (error) {
        onError(`Services of ${cluster} could not be described`, error, some.length);
        continue;
      }
      yield* described;
    }
  }
}

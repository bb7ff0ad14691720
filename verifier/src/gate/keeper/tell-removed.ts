import type { Service } from "@aws-sdk/client-ecs";
import type { Remover, UpdatedService } from "./find-removers";
import type { Keeper } from "./keeper";
import { formatRemoved } from "./messages";

/**
 * Tells people, in one message, of the services that have lost the gate's hook since the last run, and notes that they were
 * told. Without the message nothing is noted, and the next run tries again.
 */
export async function tellRemoved(
  { environment, memory, metrics, log, findRemovers, announce }: Keeper,
  removed: readonly Service[],
  fail: (what: string, error: unknown) => void,
): Promise<void> {
  const services: readonly UpdatedService[] = removed.map(({ serviceArn = "", serviceName = "", clusterArn = "" }) => ({
    serviceArn,
    serviceName,
    clusterArn,
  }));
  metrics.gateRemoved(services.length);
  log.info("The gate was taken away", { services: services.map(({ serviceArn }) => serviceArn) });
  const removers = await findRemovers(services).catch((error): ReadonlyMap<string, Remover> => {
    fail("CloudTrail could not be asked who has taken the gate away", error);
    return new Map();
  });
  try {
    await announce(formatRemoved(environment.environment, services, removers));
    for (const service of removed) await memory.noteRemoved(service);
  } catch (error) {
    fail("That the gate was taken away could not be told or noted", error);
  }
}

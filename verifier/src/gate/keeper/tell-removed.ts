import type { Service } from "@aws-sdk/client-ecs";
import type { Remover, UpdatedService } from "./find-removers";
import type { Keeper } from "./keeper";
import { formatRemoved } from "./messages";

/**
 * Tells people, in one message, of the services that have lost the gate's hook since the last run, and notes that they were
 * told. Without the message nothing is noted, and the next run tries again.
 *
 * @param changedBy who has just changed the one service, according to CloudTrail's event. Of each caller one removal an hour is
 *   told.
 */
export async function tellRemoved(
  keeper: Keeper,
  removed: readonly Service[],
  fail: (what: string, error: unknown) => void,
  changedBy?: Remover,
): Promise<void> {
  const { environment, memory, metrics, log, findRemovers, announce } = keeper;
  const services: readonly UpdatedService[] = removed.map(({ serviceArn = "", serviceName = "", clusterArn = "" }) => ({
    serviceArn,
    serviceName,
    clusterArn,
  }));
  metrics.gateRemoved(services.length);
  log.info("The gate was taken away", { services: services.map(({ serviceArn }) => serviceArn) });
  const removers =
    changedBy === undefined
      ? await findRemovers(services).catch((error): ReadonlyMap<string, Remover> => {
          fail("CloudTrail could not be asked who has taken the gate away", error);
          return new Map();
        })
      : new Map(services.map(({ serviceArn }) => [serviceArn, changedBy]));
  try {
    const tell = () => announce(formatRemoved(environment, services, removers));
    // Where somebody detaches the gate from many services, one message is enough: the metric counts each, and the log names it.
    await (changedBy === undefined ? tell() : memory.onceAnHour(changedBy.caller, tell));
    for (const service of removed) await memory.noteRemoved(service);
  } catch (error) {
    fail("That the gate was taken away could not be told or noted", error);
  }
}

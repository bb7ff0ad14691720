import type { Service } from "@aws-sdk/client-ecs";
import { describeService, type FoundService } from "../attachment/list-services";
import { type ServiceReference, serviceLabel } from "../attachment/service-reference";
import { UnexpectedHooksError } from "../attachment/unexpected-hooks-error";
import type { Remover } from "./find-removers";
import { type Kept, keepService } from "./keep-service";
import type { Keeper } from "./keeper";
import { formatStopped } from "./messages";
import type { NotGatedReason } from "./not-gated-reason";
import { tellRemoved } from "./tell-removed";
import { isWatched, watchedServices } from "./watched-services";

/**
 * The time that must be left to begin a change: for the second before it, the change, reading back as long as that may
 * take, and messages. In milliseconds.
 */
const LEAST_TIME_MS = 45_000;

/**
 * Attaches the gate to the services that should have it, between their deployments and one a second; tells people of those
 * from which it was taken away; and counts. An error at one service does not stop the others. After an
 * {@link UnexpectedHooksError} nothing more is attached that day.
 *
 * @param remainingMs the time that is left. What is not reached is left to the next run.
 * @param only one service, after its deployment or a change of it. Default: every watched service.
 * @param changedBy who has just changed that service.
 */
export async function runKeeper(
  keeper: Keeper,
  remainingMs: () => number,
  only?: ServiceReference,
  changedBy?: Remover,
): Promise<void> {
  const { environment, log, metrics } = keeper;
  if (only !== undefined && !isWatched(only, environment)) return;
  const fail = (what: string, error: unknown) => {
    metrics.keeperFailed();
    log.error(what, error);
  };
  // After a change of one service it is asked only if the gate is to be attached there.
  let obstacle = only === undefined ? findObstacle(keeper, fail) : undefined;
  const hindrance = async () => {
    obstacle ??= findObstacle(keeper, fail);
    return (await obstacle) ?? (remainingMs() < LEAST_TIME_MS ? "later" : undefined);
  };
  const notGated = new Map<NotGatedReason, number>();
  const count = (reason: NotGatedReason, number = 1) => notGated.set(reason, (notGated.get(reason) ?? 0) + number);
  const removed: Service[] = [];
  let gated = 0;

  const services =
    only === undefined
      ? watchedServices(keeper.ecs, environment, (what, error, number) => {
          fail(what, error);
          if (number > 0) count("failed", number);
        })
      : oneService(keeper, only);
  for await (const { reference, service } of services) {
    // One that is being deleted is neither gated nor not.
    if (service?.status !== "ACTIVE") continue;
    const kept = await keepOrFail(keeper, reference, service, hindrance, fail);
    if (kept instanceof UnexpectedHooksError) {
      obstacle = Promise.resolve("stopped");
      count("failed");
      await stop(keeper, kept, fail);
    } else if (kept.kind === "gated") {
      gated += 1;
      if (kept.now) log.info("The gate was attached", { service: service.serviceArn });
    } else {
      count(kept.kind === "newly-removed" ? "removed" : kept.reason);
      if (kept.kind === "newly-removed") removed.push(service);
    }
  }
  if (removed.length > 0) await tellRemoved(keeper, removed, fail, changedBy);
  if (only === undefined) metrics.counted(gated, notGated);
}

type Fail = (what: string, error: unknown) => void;

/** Why nothing may be attached in this run. */
async function findObstacle(
  { readGateState, memory, metrics, log }: Keeper,
  fail: Fail,
): Promise<NotGatedReason | undefined> {
  const gate = await readGateState();
  if (gate.state === "not-active") {
    metrics.gateNotActive();
    log.error("The gate's function is not active", gate.why);
    return "gate-not-active";
  }
  if (gate.state === "unknown") {
    fail("The state of the gate's function could not be read", gate.why);
    return "failed";
  }
  try {
    return (await memory.isStopped()) ? "stopped" : undefined;
  } catch (error) {
    fail("What was done before could not be read", error);
    return "failed";
  }
}

async function* oneService({ ecs }: Keeper, reference: ServiceReference): AsyncGenerator<FoundService> {
  yield { reference, service: await describeService(ecs, reference) };
}

async function keepOrFail(
  keeper: Keeper,
  reference: ServiceReference,
  service: Service,
  hindrance: () => Promise<NotGatedReason | undefined>,
  fail: Fail,
): Promise<Kept | UnexpectedHooksError> {
  try {
    return await keepService(keeper, reference, service, hindrance);
  } catch (error) {
    fail(`The gate could not be kept at ${serviceLabel(reference)}`, error);
    return error instanceof UnexpectedHooksError ? error : { kind: "not-gated", reason: "failed" };
  }
}

/** Also if it cannot be noted, this run attaches nothing more. */
async function stop({ memory, announce, environment }: Keeper, error: UnexpectedHooksError, fail: Fail) {
  await memory.noteStopped(error.service).catch((reason) => fail("The stop could not be noted", reason));
  await announce(formatStopped(environment, error)).catch((reason) =>
    fail("The message about the stop could not be sent", reason),
  );
}

import { ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { findPartition } from "../../trust/partition";
import { describeAwsError } from "../../verifier/src/aws-error";
import { describeService } from "../../verifier/src/gate/attachment/list-services";
import { type ServiceReference, serviceLabel } from "../../verifier/src/gate/attachment/service-reference";
import { EVERY_SERVICE } from "../../verifier/src/orders/opening";
import { UsageError } from "../lib/errors";
import { printable } from "../lib/printable";
import { checkPlace } from "./selection";

/** For which services an opening is: one that is named, or all. */
export interface OpeningTarget {
  /** At most one. */
  readonly services: readonly ServiceReference[];
  readonly all: boolean;
}

/**
 * What an opening has in the place of its service: the ARN, or {@link EVERY_SERVICE}.
 *
 * @throws {@link UsageError} if neither or both are given, or the service is elsewhere.
 */
export function openingService({ services, all }: OpeningTarget, outputs: EnvironmentOutputs): string {
  const [named] = services;
  if (all && named !== undefined) throw new UsageError("Name a service, or say --all, not both.");
  if (all) return EVERY_SERVICE;
  if (named === undefined) {
    throw new UsageError("Say which service: CLUSTER/NAME or its ARN, or --all for every service of the environment.");
  }
  checkPlace([named], outputs);
  return arnOf(named, outputs);
}

/**
 * Makes sure that a service that is named exists. One that is yet to be created can be named by its ARN.
 *
 * @returns the ARN as ECS writes it, and what a person must know, if anything.
 * @throws {@link UsageError} if ECS does not know the service, and it was named by `CLUSTER/NAME`.
 */
export async function findOpeningService(
  service: string,
  named: ServiceReference | undefined,
  { region, account }: EnvironmentOutputs,
): Promise<{ readonly service: string; readonly note?: string }> {
  if (named === undefined) return { service };
  const name = serviceLabel(named);
  const ecs = new ECSClient({ region, maxAttempts: 3 });
  try {
    const found = await describeService(ecs, named);
    if (found?.serviceArn !== undefined) return { service: found.serviceArn };
  } catch (error) {
    // At night a person may have the right to open the gate, and no other.
    const why = printable(describeAwsError(error), 300);
    return { service, note: `Whether there is a service ${name} could not be found out: ${why}` };
  } finally {
    ecs.destroy();
  }
  if (named.service === service) return { service, note: `ECS does not know ${name} yet.` };
  throw new UsageError(
    `ECS knows no service ${name} in account ${account}, ${region}. For one that is yet to be created, give its ARN: ${service}`,
  );
}

function arnOf({ cluster, service }: ServiceReference, { account, region }: EnvironmentOutputs): string {
  if (service.startsWith("arn:")) return service;
  return `arn:${findPartition(region)}:ecs:${region}:${account}:service/${cluster}/${service}`;
}

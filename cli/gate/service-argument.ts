import { InvalidArgumentError } from "commander";
import {
  parseServiceArn,
  type ServiceReference,
  serviceLabel,
} from "../../verifier/src/gate/attachment/service-reference";

/** Reads the words that name services, one after the other; a service that is named twice, also by its ARN, counts once. */
export function parseService(text: string, before: readonly ServiceReference[] = []): readonly ServiceReference[] {
  const named = parseServiceArn(text) ?? parsePath(text);
  if (named === undefined) {
    throw new InvalidArgumentError(
      "It must be CLUSTER/NAME, or the ARN of an ECS service with its cluster: arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME.",
    );
  }
  const isOther = (one: ServiceReference) => serviceLabel(one) !== serviceLabel(named) || !mayBeSame(one, named);
  if (before.every(isOther)) return [...before, named];
  // The ARN stays, since only that says of which account and region it is.
  return isArn(named) ? [...before.filter(isOther), named] : before;
}

function mayBeSame(one: ServiceReference, other: ServiceReference): boolean {
  return one.service === other.service || !(isArn(one) && isArn(other));
}

function isArn({ service }: ServiceReference): boolean {
  return service.includes(":");
}

function parsePath(text: string): ServiceReference | undefined {
  const { cluster, service } = /^(?<cluster>[\w-]{1,255})\/(?<service>[\w-]{1,255})$/.exec(text)?.groups ?? {};
  return cluster === undefined || service === undefined ? undefined : { cluster, service };
}

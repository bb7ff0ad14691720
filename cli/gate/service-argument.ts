import { InvalidArgumentError } from "commander";
import { parseServiceArn, type ServiceReference } from "../../verifier/src/gate/attachment/service-reference";

/** Reads the words that name services, one after the other; a service that is named twice counts once. */
export function parseService(text: string, before: readonly ServiceReference[] = []): readonly ServiceReference[] {
  const named = parseServiceArn(text) ?? parsePath(text);
  if (named === undefined) {
    throw new InvalidArgumentError(
      "It must be CLUSTER/NAME, or the ARN of an ECS service with its cluster: arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/NAME.",
    );
  }
  const isKnown = before.some(({ cluster, service }) => cluster === named.cluster && service === named.service);
  return isKnown ? before : [...before, named];
}

function parsePath(text: string): ServiceReference | undefined {
  const { cluster, service } = /^(?<cluster>[\w-]{1,255})\/(?<service>[\w-]{1,255})$/.exec(text)?.groups ?? {};
  return cluster === undefined || service === undefined ? undefined : { cluster, service };
}

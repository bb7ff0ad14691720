import type { Service } from "@aws-sdk/client-ecs";
import { type ServiceReference, serviceLabel } from "../../verifier/src/gate/attachment/service-reference";
import { printable } from "../lib/printable";

/** `CLUSTER/NAME` of a service. */
export function referenceText(reference: ServiceReference): string {
  return printable(serviceLabel(reference), 600);
}

/** The same for a service as ECS describes it. */
export function serviceText({ clusterArn = "", serviceArn = "" }: Service): string {
  return referenceText({ cluster: clusterArn, service: serviceArn });
}

import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { describeServices } from "../../verifier/src/gate/attachment/list-services";
import { type ServiceReference, serviceLabel } from "../../verifier/src/gate/attachment/service-reference";
import { askAws } from "../lib/aws-errors";
import { UsageError } from "../lib/errors";
import { listSelected } from "./list-selected";
import type { SelectionOptions } from "./selection";

/**
 * The selected services as ECS describes them: those that are named, or all active ones of the clusters.
 *
 * @throws {@link UsageError} if ECS does not know one that is named, or it is being deleted.
 */
export async function describeSelected(
  ecs: ECSClient,
  services: readonly ServiceReference[],
  { all, cluster }: SelectionOptions,
  outputs: EnvironmentOutputs,
): Promise<readonly Service[]> {
  const of = `of account ${outputs.account} in ${outputs.region}`;
  const wanted = all ? await listSelected(ecs, cluster, outputs.watchedClusters, outputs) : services;
  const describing = { asking: "Describing the services", of, action: "ecs:DescribeServices" };
  const found = await askAws(describing, async () => {
    const described: { readonly reference: ServiceReference; readonly service: Service | undefined }[] = [];
    for await (const one of describeServices(ecs, wanted)) described.push(one);
    return described;
  });
  const active = found.flatMap(({ service }) => (service?.status === "ACTIVE" ? [service] : []));
  if (all || active.length === found.length) return active;
  const others = found.filter(({ service }) => service?.status !== "ACTIVE");
  throw new UsageError(others.map(({ reference, service }) => whyNot(reference, service, outputs)).join("\n"));
}

function whyNot(
  reference: ServiceReference,
  service: Service | undefined,
  { account, region }: EnvironmentOutputs,
): string {
  const name = serviceLabel(reference);
  if (service !== undefined) return `${name} is being deleted, or was.`;
  return `ECS knows no service ${name} in account ${account}, ${region}. aws ecs list-services --cluster ${name.split("/")[0]} lists those of the cluster.`;
}

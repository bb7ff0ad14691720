import { ClusterNotFoundException, type ECSClient } from "@aws-sdk/client-ecs";
import type { EnvironmentOutputs } from "../../automation/environments/outputs";
import { findServices } from "../../automation/operations/gate/change-services";
import type { ServiceReference } from "../../verifier/src/gate/attachment/service-reference";
import { askAws } from "../lib/aws-errors";
import { UsageError } from "../lib/errors";
import { printable } from "../lib/printable";

/**
 * All services of the clusters that the person names, or otherwise of those in `others`; of every cluster if that is undefined.
 *
 * @throws {@link UsageError} if ECS does not know a cluster that is named: no service must not look like an answer about all.
 */
export async function listSelected(
  ecs: ECSClient,
  named: readonly string[] | undefined,
  others: readonly string[] | undefined,
  { account, region }: EnvironmentOutputs,
): Promise<readonly ServiceReference[]> {
  const where = `account ${account} in ${region}`;
  const listing = {
    asking: "Listing the services",
    of: `of ${where}`,
    action: "ecs:ListClusters and ecs:ListServices",
  };
  if (named === undefined) return askAws(listing, () => findServices(ecs, others));
  const found: ServiceReference[] = [];
  for (const cluster of named) {
    const services = await askAws(listing, () =>
      findServices(ecs, [cluster], { mustExist: true }).catch(unlessUnknown),
    );
    if (services === undefined) {
      throw new UsageError(
        `ECS knows no cluster ${printable(cluster, 300)} in ${where}. aws ecs list-clusters --region ${region} lists those there.`,
      );
    }
    found.push(...services);
  }
  return found;
}

function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof ClusterNotFoundException)) throw error;
}

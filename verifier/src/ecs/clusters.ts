import { type ECSClient, paginateListClusters } from "@aws-sdk/client-ecs";

/** The ARNs of all clusters of the account and region. Needs `ecs:ListClusters`. */
export async function listClusters(ecs: ECSClient): Promise<readonly string[]> {
  const arns: string[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client: ecs, pageSize: 100 }, {})) {
    arns.push(...clusterArns);
  }
  return arns;
}

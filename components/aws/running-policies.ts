import { allow, type PolicyStatement } from "./iam";

/**
 * Lets somebody read what runs, in every cluster or in clusters that are named. On `*`: ListClusters has no resources, and
 * what runs is read as a whole (service authorization reference, Amazon ECS). The calls only read.
 */
export function readRunning({ everyCluster }: { readonly everyCluster: boolean }): PolicyStatement {
  const listing = everyCluster ? ["ecs:ListClusters"] : [];
  return allow("ReadRunning", [...listing, "ecs:ListTasks", "ecs:DescribeTasks"], ["*"]);
}

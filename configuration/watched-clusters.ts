import { LONGEST_ENVIRONMENT } from "./longest-names";
import type { WrittenConfiguration } from "./schema";

/**
 * The clusters that the launch detector watches, as long as they can become: where clusters are listed and there is a canary, its
 * cluster too (components/canary/canary.ts). Undefined if it watches every cluster.
 */
export function watchedClusters({
  clusters,
  canary,
}: Pick<WrittenConfiguration, "clusters" | "canary">): readonly string[] | undefined {
  const [first] = clusters ?? [];
  if (clusters === undefined || first === undefined || canary === undefined) return clusters;
  return [...clusters, `${first.split("/")[0]}/${"x".repeat(LONGEST_ENVIRONMENT)}`];
}

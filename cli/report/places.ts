import type { Place, Workload } from "../../automation/operations/report/running-image";
import { serviceOf } from "../../automation/operations/report/running-image";
import { lastPart, parseEcsArn } from "../../verifier/src/ecs/arn";

/** Places named in a cell. The JSON form has all. */
const MOST_NAMED = 2;

/**
 * A workload in a cell: `CLUSTER/SERVICE`, or `CLUSTER (family NAME)`. Others chose the names.
 *
 * @param regions of the report: where there are several, a cluster has its region before it.
 */
export function workloadText({ cluster, group }: Workload, regions: readonly string[] = []): string {
  const region = regions.length > 1 ? parseEcsArn(cluster)?.region : undefined;
  const name = region === undefined ? lastPart(cluster) : `${region}:${lastPart(cluster)}`;
  const service = serviceOf({ group });
  if (service !== undefined) return `${name}/${service}`;
  return group === null ? name : `${name} (${group.replace(/^family:/, "family ")})`;
}

/** The places of an image in a cell, each as by {@link workloadText}. */
export function placesText(
  places: readonly Place[],
  { morePlaces = 0, regions = [] }: { readonly morePlaces?: number; readonly regions?: readonly string[] } = {},
): string {
  const distinct = [...new Set(places.map((place) => workloadText(place, regions)))];
  const named = distinct.slice(0, MOST_NAMED);
  const more = distinct.length - named.length + morePlaces;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

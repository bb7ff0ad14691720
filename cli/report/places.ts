import type { Place, Workload } from "../../automation/operations/report/running-image";
import { serviceOf } from "../../automation/operations/report/running-image";
import { lastPart } from "../../verifier/src/ecs/arn";

/** Places named in a cell. The JSON form has all. */
const MOST_NAMED = 2;

/** A workload in a cell: `CLUSTER/SERVICE`, or `CLUSTER (family NAME)`. Others chose the names. */
export function workloadText({ cluster, group }: Workload): string {
  const name = lastPart(cluster);
  const service = serviceOf({ group });
  if (service !== undefined) return `${name}/${service}`;
  return group === null ? name : `${name} (${group.replace(/^family:/, "family ")})`;
}

/** The places of an image in a cell: services, or the clusters of tasks without one. */
export function placesText(places: readonly Place[], morePlaces = 0): string {
  const names = places.map(({ cluster, group }) => {
    const service = serviceOf({ group });
    const name = lastPart(cluster);
    return service === undefined ? name : `${name}/${service}`;
  });
  const distinct = [...new Set(names)];
  const named = distinct.slice(0, MOST_NAMED);
  const more = distinct.length - named.length + morePlaces;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

import { lastPart } from "../../verifier/src/ecs/arn";
import { parseServiceGroup } from "../../verifier/src/ecs/service-group";
import type { ImageGroup, RunningContainer } from "../../verifier/src/sweep/group-images";
import { printable } from "../lib/printable";

/** Places shown of an image in a table. The JSON output has all. */
const MAX_SHOWN = 2;

/** Where an image runs: a service, or tasks without one. */
export interface RunningPlace {
  /** ARN of the cluster. */
  readonly cluster: string;
  readonly service: string | undefined;
  readonly containers: number;
}

/** The places of a group's containers, those with the most first. */
export function placesOf(containers: readonly RunningContainer[]): readonly RunningPlace[] {
  const places = new Map<string, RunningPlace>();
  for (const { clusterArn: cluster, group } of containers) {
    const service = parseServiceGroup(group);
    const key = JSON.stringify([cluster, service]);
    places.set(key, { cluster, service, containers: (places.get(key)?.containers ?? 0) + 1 });
  }
  return [...places.values()].sort((one, other) => other.containers - one.containers);
}

/** The places in a cell: `CLUSTER/SERVICE`, or the cluster of tasks without a service. */
export function placesText(containers: readonly RunningContainer[]): string {
  const places = placesOf(containers);
  const shown = places.slice(0, MAX_SHOWN).map(({ cluster, service }) => {
    const name = lastPart(cluster);
    return printable(service === undefined ? name : `${name}/${service}`, 80);
  });
  const more = places.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

/** An image in a cell: its repository, else what ECS reports of it. */
export function repositoryText({ subject, repository }: ImageGroup): string {
  if (repository !== undefined) return printable(repository, 300);
  if (subject.kind === "aws-injected") return "(added by AWS)";
  if (subject.kind === "undetermined") return `(container ${printable(subject.container, 60)})`;
  return subject.image === undefined ? "(no image)" : printable(subject.image, 120);
}

import { type Place, workloadKey } from "../../automation/operations/report/running-image";
import type { ImageGroup, RunningContainer } from "../../verifier/src/sweep/group-images";
import { printable } from "../lib/printable";
import { placesText } from "../report/places";

/** The places of a group's containers, those with the most first. */
export function placesOf(containers: readonly RunningContainer[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { clusterArn: cluster, group = null } of containers) {
    const key = workloadKey({ cluster, group });
    places.set(key, { cluster, group, containers: (places.get(key)?.containers ?? 0) + 1 });
  }
  return [...places.values()].sort((one, other) => other.containers - one.containers);
}

/** The places in a cell. @param regions that are scanned. */
export function runningPlacesText(containers: readonly RunningContainer[], regions: readonly string[]): string {
  return printable(placesText(placesOf(containers), { regions }), 200);
}

/** An image in a cell: its repository, else what ECS reports of it. */
export function repositoryText({ subject, repository }: ImageGroup): string {
  if (repository !== undefined) return printable(repository, 300);
  if (subject.kind === "aws-injected") return "(added by AWS)";
  if (subject.kind === "undetermined") return `(container ${printable(subject.container, 60)})`;
  return subject.image === undefined ? "(no image)" : printable(subject.image, 120);
}

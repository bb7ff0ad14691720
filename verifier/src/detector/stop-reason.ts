import type { ContainerVerdict } from "../ecs/launch-verdict";

/**
 * The text that ECS shows for a stopped task: image and code. Printable ASCII, so that ECS has no reason to reject it.
 */
export function reasonFor(containers: readonly ContainerVerdict[]): string {
  const decisive =
    containers.find(({ verdict }) => verdict.status === "denied") ??
    containers.find(({ verdict }) => verdict.status === "inconclusive");
  if (decisive === undefined) return "ecs-image-verification";
  const { reference, code } = decisive.verdict;
  const text = `ecs-image-verification: ${code}: container ${decisive.container}, image ${reference}`;
  return text.replace(/[^\x20-\x7e]/g, "?");
}

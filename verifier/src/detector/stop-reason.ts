import type { ContainerVerdict } from "../ecs/launch-verdict";

/** What ECS shows for a stopped task: which image, which code. Printable ASCII, so that ECS has no cause to refuse it. */
export function reasonFor(containers: readonly ContainerVerdict[]): string {
  const decisive =
    containers.find(({ verdict }) => verdict.status === "denied") ??
    containers.find(({ verdict }) => verdict.status === "inconclusive");
  if (decisive === undefined) return "ecs-image-verification";
  const { reference, code } = decisive.verdict;
  const text = `ecs-image-verification: ${code}: container ${decisive.container}, image ${reference}`;
  return text.replace(/[^\x20-\x7e]/g, "?");
}

import type { Step } from "./engine-events";

/** The steps as `update Function image-verification-verifier-function`, sorted, without components and providers. */
export function stepsOf(steps: readonly Step[]): string[] {
  return steps
    .filter(({ type }) => !/^(?:pulumi|ecs-image-verification):/.test(type))
    .map(({ op, name, type }) => `${op} ${type.slice(type.lastIndexOf(":") + 1)} ${name}`)
    .sort();
}

import type { Violation } from "./engine-events";

/** The flags of the CLI that have a policy pack judge a run. */
export function judgedBy(pack: string, configuration: string): readonly string[] {
  return ["--policy-pack", pack, "--policy-pack-config", configuration];
}

/** The name of a resource in the program. */
export function shortOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The violations that fail a run. */
export function mandatoryOf(violations: readonly Violation[]): readonly Violation[] {
  return violations.filter(({ level }) => level === "mandatory");
}

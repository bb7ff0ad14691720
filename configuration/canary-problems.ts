import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";

/** A canary without the sample has no task to start. */
export function canaryProblems({
  canary,
  sampleWorkload,
}: Pick<WrittenConfiguration, "canary" | "sampleWorkload">): readonly ConfigurationProblem[] {
  if (canary === undefined || sampleWorkload) return [];
  return [
    {
      key: formatKey(["sampleWorkload"]),
      value: sampleWorkload,
      message: "does not fit the key canary: the canary starts the sample's unsigned task",
      allowed: "true, where there is a canary",
      fix: "Set sampleWorkload to true, or remove canary.",
    },
  ];
}

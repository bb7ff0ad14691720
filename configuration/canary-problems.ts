import { type ConfigurationProblem, formatKey } from "./problem";

/** A canary without the sample has no task to start. The values may be ones that are not valid by themselves. */
export function canaryProblems({
  canary,
  sampleWorkload = false,
}: {
  readonly canary?: unknown;
  readonly sampleWorkload?: unknown;
}): readonly ConfigurationProblem[] {
  if (canary === undefined || sampleWorkload !== false) return [];
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

import { sweepContradictions } from "../components/sweep/sweep-contradictions";
import { type ConfigurationProblem, formatKey } from "./problem";
import type { WrittenConfiguration } from "./schema";

/** The problems of a sweep that does not fit the rest of the configuration. */
export function sweepProblems({
  sweep,
  mode,
}: Pick<WrittenConfiguration, "sweep" | "mode">): readonly ConfigurationProblem[] {
  if (sweep === undefined) return [];
  return sweepContradictions(sweep, mode).map(({ setting, ...problem }) => ({
    key: formatKey(["sweep", setting]),
    ...problem,
  }));
}

import type { Settings } from "../baked-settings";
import type { SubjectsContext } from "../ecs/subjects";
import type { Findings } from "../findings/findings";
import type { LaunchMetrics } from "../reporting/metrics";
import type { Reporter } from "../reporting/reporter";
import type { Judge } from "../verification/judge";
import type { Postpone } from "./postpone";
import type { Responder } from "./respond";

/** The dependencies of the launch detector. */
export interface LaunchDetector extends Reporter {
  readonly metrics: LaunchMetrics;
  readonly settings: Settings;
  readonly judge: Judge;
  readonly subjects: SubjectsContext;
  readonly respond: Responder;
  readonly postpone: Postpone;
  /** The findings in Security Hub; undefined if the environment makes none. */
  readonly findings?: Findings | undefined;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

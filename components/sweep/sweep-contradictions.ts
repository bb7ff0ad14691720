import type { SweepMode } from "../../verifier/src/sweep/mode";
import { DEFAULT_INTERVAL_HOURS, intervalProblem, isInterval } from "../interval";
import type { SettingProblem } from "../settings-error";

/** The settings of a sweep. */
export interface SweepSettings {
  /** Hours between two sweeps: 1 to 24. Default: 6. */
  readonly everyHours?: number | undefined;
  /** `audit` tells what it finds; `enforce` also stops denied tasks. Default: `audit`. */
  readonly mode?: SweepMode | undefined;
}

/** What is wrong in a sweep's settings, or does not fit the launch detector's mode. */
export function sweepContradictions(
  { everyHours = DEFAULT_INTERVAL_HOURS, mode = "audit" }: SweepSettings,
  detector: "audit" | "enforce",
): readonly SettingProblem<keyof SweepSettings>[] {
  return [
    ...(isInterval(everyHours) ? [] : [intervalProblem("sweep", everyHours)]),
    ...(mode === "enforce" && detector === "audit" ? [STOPPED_LATER] : []),
  ];
}

const STOPPED_LATER: SettingProblem<keyof SweepSettings> = {
  setting: "mode",
  value: "enforce",
  message:
    "does not fit the environment's mode, which is audit: a task would start unhindered, and be stopped hours later by a sweep",
  allowed: "audit; or enforce where mode is enforce too",
  fix: "Set sweep.mode to audit, or set mode to enforce.",
};

import type { SweepMode } from "../../verifier/src/sweep/environment";

/** The most hours between two sweeps: an alarm on sweeps that are missed looks back over two (sweep-alarm-rules.ts). */
export const LONGEST_INTERVAL_HOURS = 24;

/** How many hours lie between two sweeps, unless told otherwise. */
export const DEFAULT_INTERVAL_HOURS = 6;

/** The settings of a sweep. */
export interface SweepSettings {
  /** Hours between two sweeps: 1 to 24. Default: 6. */
  readonly everyHours?: number | undefined;
  /** `audit` tells what it finds; `enforce` also stops denied tasks. Default: `audit`. */
  readonly mode?: SweepMode | undefined;
}

/** A setting of a sweep that is wrong, or does not fit another one. */
export interface SweepContradiction {
  /** The setting, inside `sweep`. */
  readonly setting: keyof SweepSettings;
  readonly value: unknown;
  /** Completes a sentence that begins with the value. */
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

/** What is wrong in a sweep's settings, or does not fit the launch detector's mode. */
export function sweepContradictions(
  { everyHours = DEFAULT_INTERVAL_HOURS, mode = "audit" }: SweepSettings,
  detector: "audit" | "enforce",
): readonly SweepContradiction[] {
  return [
    ...(isInterval(everyHours) ? [] : [{ ...INTERVAL, value: everyHours }]),
    ...(mode === "enforce" && detector === "audit" ? [STOPPED_LATER] : []),
  ];
}

function isInterval(hours: number): boolean {
  return Number.isInteger(hours) && hours >= 1 && hours <= LONGEST_INTERVAL_HOURS;
}

const INTERVAL = {
  setting: "everyHours",
  message: "is no time between two sweeps that is allowed",
  allowed: `a whole number from 1 to ${LONGEST_INTERVAL_HOURS}, in hours`,
  fix: "Set sweep.everyHours to such a number.",
} as const;

const STOPPED_LATER: SweepContradiction = {
  setting: "mode",
  value: "enforce",
  message:
    "does not fit the environment's mode, which is audit: a task would start unhindered, and be stopped hours later by a sweep",
  allowed: "audit; or enforce where mode is enforce too",
  fix: "Set sweep.mode to audit, or set mode to enforce.",
};

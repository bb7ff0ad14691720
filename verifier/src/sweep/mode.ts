/** What a sweep does with a denied task: tells of it, or also stops it. */
export const SWEEP_MODES = ["audit", "enforce"] as const;
export type SweepMode = (typeof SWEEP_MODES)[number];

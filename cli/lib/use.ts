/**
 * The ways in which this is used. `deployment`: an environment that verifies every launch, made with Pulumi. `command-line`:
 * only signing and verifying by command, on a laptop or in CI.
 */
export const USES = ["deployment", "command-line"] as const;

export type Use = (typeof USES)[number];

import type { Use } from "../lib/use";

/** What `init` needs to know, from options or questions. */
export interface Answers {
  readonly use: Use;
  readonly stack: string;
  readonly region: string;
  readonly account: string | undefined;
  readonly mode: "audit" | "enforce";
  /** Kept for long, and protected from being removed. */
  readonly production: boolean;
  readonly registries: readonly string[];
  readonly identities: readonly string[];
  /** E-mail addresses that are told of verdicts and alarms. */
  readonly emails: readonly string[];
}

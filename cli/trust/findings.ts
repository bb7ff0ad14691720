import { type Problem, TrustDocumentError } from "../../trust/problem";
import type { TrustFile } from "./file";

/** What was found in one file. */
export interface TrustCheck {
  readonly file: string;
  readonly kind: TrustFile["kind"];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** What could not be checked, and what it would take: sentences. */
  readonly notChecked: readonly string[];
}

export interface CheckOptions {
  readonly account?: string | undefined;
  /** For files that do not say it: a stack's file does, with `aws:region`. */
  readonly region?: string | undefined;
  readonly now: Date;
}

/** What was found, whatever file it was in. */
export type Findings = Omit<TrustCheck, "file" | "kind">;

/** What an action gives, or the problems for which it refuses. */
export function caught<Result>(
  action: () => Result,
): { readonly result: Result } | { readonly problems: readonly Problem[] } {
  try {
    return { result: action() };
  } catch (error) {
    if (error instanceof TrustDocumentError) return { problems: error.problems };
    throw error;
  }
}

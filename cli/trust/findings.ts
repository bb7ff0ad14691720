import type { Position } from "../../trust/position";
import { type Problem, TrustDocumentError } from "../../trust/problem";
import type { TrustFile } from "./file";

/** A problem with its place in the file. */
export interface PlacedProblem extends Problem {
  readonly position?: Position | undefined;
}

/** The findings in one file. */
export interface TrustCheck {
  readonly file: string;
  readonly kind: TrustFile["kind"];
  readonly problems: readonly PlacedProblem[];
  readonly warnings: readonly PlacedProblem[];
  /** What could not be checked, and what is needed to check it, as sentences. */
  readonly notChecked: readonly string[];
}

export interface CheckOptions {
  readonly account?: string | undefined;
  /** For files that do not set it; a stack's file does, with `aws:region`. */
  readonly region?: string | undefined;
  readonly now: Date;
}

/** The findings, for any kind of file. */
export type Findings = Omit<TrustCheck, "file" | "kind">;

/** The result of an action, or the problems that it reports. */
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

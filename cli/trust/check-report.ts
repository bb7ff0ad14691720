import { relative, sep } from "node:path";
import type { Position } from "../../trust/position";
import { TrustFileError } from "../../trust/read";
import { problemLine } from "./check-output";
import type { TrustCheck } from "./findings";

/** The kinds of findings, as services that show them beside the code name them. */
export const FINDING_KINDS = {
  "trust-file": "The file cannot be used",
  "trust-problem": "The configuration of trust has a problem",
  "trust-warning": "The configuration of trust may have a mistake",
} as const;

/** One finding in one file, for a service that shows it beside the code. */
export interface Annotation {
  readonly kind: keyof typeof FINDING_KINDS;
  readonly level: "error" | "warning";
  readonly file: string;
  readonly position: Pick<Position, "line" | "column"> & Partial<Position>;
  /** One line. */
  readonly message: string;
}

/** Where a finding is shown that is about the whole file. */
const START = { line: 1, column: 1 };

/** The findings in a file. */
export function annotationsOf({ file, problems, warnings }: TrustCheck): readonly Annotation[] {
  return [
    ...problems.map((problem) => ({ kind: "trust-problem", level: "error", problem }) as const),
    ...warnings.map((problem) => ({ kind: "trust-warning", level: "warning", problem }) as const),
  ].map(({ kind, level, problem }) => ({
    kind,
    level,
    file: fromHere(file),
    position: problem.position ?? START,
    message: problemLine(problem),
  }));
}

/** The same for a file that cannot be read or is of another kind. */
export function unreadableAnnotation(file: string, error: Error): Annotation {
  const position = (error instanceof TrustFileError ? error.position : undefined) ?? START;
  const message = error.message.replace(/\s+/g, " ");
  return { kind: "trust-file", level: "error", file: fromHere(file), position, message };
}

/** The path from the current folder, which in CI is the repository, with slashes. */
function fromHere(file: string): string {
  return relative("", file).split(sep).join("/");
}

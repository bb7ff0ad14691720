import type { NextSteps } from "./next-steps";
import type { PlannedFile } from "./planned-file";

/** What `init` did, or would do. */
export interface InitResult {
  /** The folder, absolute. */
  readonly folder: string;
  readonly written: readonly PlannedFile[];
  /** Files that were there and were left alone. */
  readonly kept: readonly string[];
  readonly next: NextSteps;
}

/** The result for people. */
export function initText({ folder, written, kept, next }: InitResult): string {
  return [
    `Written into ${folder}:`,
    ...written.map(({ path }) => `  ${path}`),
    ...(kept.length === 0 ? [] : [`Left alone: ${kept.join(", ")}`]),
    ...(next.program.length === 0
      ? []
      : ["", "Add to your program:", "", ...next.program.map((line) => `  ${line}`.trimEnd())]),
    ...(next.program.length === 0 ? [] : ["", NESTED]),
    "",
    "Next:",
    ...next.commands.map((line) => `  ${line}`),
  ].join("\n");
}

const NESTED =
  "Commands with --stack read outputs at the top of a stack. With yours, save them: pulumi stack output imageVerification --json > FILE, and give --outputs FILE.";

/** Each file as it would be written. */
export function dryRunText(files: readonly (PlannedFile & { readonly isThere: boolean })[]): string {
  return files
    .map(
      ({ path, text, keep, isThere }) =>
        `==> ${path}${isThere ? ` (is there${keep ? ", is left alone" : ""})` : ""}\n${text}`,
    )
    .join("\n");
}

/** The result for programs. */
export function initJson({ folder, written, kept, next }: InitResult, isDryRun: boolean): string {
  const files = written.map(({ path, text }) => (isDryRun ? { path, text } : { path }));
  return JSON.stringify({ folder, written: files, kept, next: next.commands, program: next.program.join("\n") });
}

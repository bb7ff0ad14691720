import { type Command, InvalidArgumentError, Option } from "commander";
import type { JudgingOptions } from "../gate/judging-options";
import { UsageError } from "../lib/errors";

/** The forms of a report. */
export const FORMATS = ["table", "json", "markdown", "html"] as const;

export type Format = (typeof FORMATS)[number];

/** Where a report goes, and in which form. */
export interface FormOptions {
  /** Default: table. */
  readonly format?: Format;
  /** A file; default: standard output. */
  readonly out?: string;
  /** Whether a file that is there is overwritten. */
  readonly force?: true;
}

/** The options of `report`. */
export interface ReportOptions extends JudgingOptions, FormOptions {
  /** How far back the history goes. */
  readonly days: number;
  /** The same as the format json. */
  readonly json?: true;
  /** Only print the IAM policy. */
  readonly permissions?: true;
}

/** Adds the options of {@link FormOptions}, but for `--force`. */
export function withFormOptions(command: Command): Command {
  return command
    .addOption(new Option("--format <form>", "the form of the report (default: table)").choices(FORMATS))
    .option("--out <file>", "write the report to a file", parseOut);
}

/** Other programs take it for standard output: a file of that name is meant by nobody. */
function parseOut(file: string): string {
  if (file === "-") throw new InvalidArgumentError("Leave --out out for standard output, or name a file.");
  return file;
}

/**
 * Checks which of the options go together.
 *
 * @throws {@link UsageError}
 */
export function checkReportOptions(options: ReportOptions): void {
  checkForm(options);
  const { trust, trustStore, signingProfile, stackProfile, out, force } = options;
  if (force && out === undefined) throw new UsageError("--force is for the file of --out.");
  if (trust === undefined && (trustStore ?? signingProfile ?? stackProfile) !== undefined) {
    throw new UsageError(
      "--trust-store, --signing-profile and --stack-profile are for another trust document: give --trust FILE as well.",
    );
  }
}

/**
 * @throws {@link UsageError} for a page that would fill a terminal.
 */
export function checkForm(
  { format, out }: FormOptions,
  { isTTY = false }: { readonly isTTY?: boolean } = process.stdout,
): void {
  if (format === "html" && out === undefined && isTTY) {
    throw new UsageError("A page of HTML is not for a terminal: add --out report.html, or send it into a file.");
  }
}

import { TrustFileError } from "../../trust/read";
import { UsageError } from "../lib/errors";
import { EXIT } from "../lib/exit-code";
import { checkTrustFile } from "./check-file";
import { githubCommand } from "./check-github";
import { trustCheckJson, trustCheckText, unreadableJson } from "./check-output";
import { type Annotation, annotationsOf, unreadableAnnotation } from "./check-report";
import { sarifLog } from "./check-sarif";
import { readTrustFile, readTrustInput } from "./file";
import type { TrustCheck } from "./findings";

/** The forms in which findings can be printed. */
export type CheckForm = "text" | "json" | "github" | "sarif";

/** The options of `trust check`. */
export interface TrustCheckOptions {
  readonly account?: string;
  readonly region?: string;
  readonly strict?: true;
  readonly format?: CheckForm;
  readonly json?: true;
}

/** The word for standard input among the files. */
const INPUT = "-";

/** Prints the findings for each file and sets the combined exit code. */
export async function check(files: string[], options: TrustCheckOptions): Promise<void> {
  if (files.filter((file) => file === INPUT).length > 1)
    throw new UsageError("- (standard input) can be read only once.");
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = options.region ?? AWS_REGION ?? AWS_DEFAULT_REGION;
  const place = { account: options.account, region, now: new Date() };
  const printer = printerOf(options.json ? "json" : (options.format ?? "text"));
  const checks: TrustCheck[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    try {
      const result = checkTrustFile(file === INPUT ? await readTrustInput() : await readTrustFile(file), place);
      checks.push(result);
      printer.found(result);
    } catch (error) {
      if (!(error instanceof TrustFileError || error instanceof UsageError)) throw error;
      unreadable.push(error.message);
      printer.unreadable(file, error);
    }
  }
  printer.end();
  if (unreadable.length > 0) throw new UsageError(unreadable.join("\n"));
  const bad = checks.some(({ problems, warnings }) => problems.length > 0 || (options.strict && warnings.length > 0));
  process.exitCode = bad ? EXIT.denied : EXIT.trusted;
}

interface Printer {
  readonly found: (result: TrustCheck) => void;
  /** People are told by the error at the end. */
  readonly unreadable: (file: string, error: Error) => void;
  readonly end: () => void;
}

function printerOf(form: CheckForm): Printer {
  const nothing = () => {};
  if (form === "sarif") return sarifPrinter();
  if (form === "github") {
    const print = (annotation: Annotation) => printLine(githubCommand(annotation));
    return {
      found: (result) => annotationsOf(result).forEach(print),
      unreadable: (file, error) => print(unreadableAnnotation(file, error)),
      end: nothing,
    };
  }
  if (form === "json") {
    return {
      found: (result) => printLine(trustCheckJson(result)),
      unreadable: (file, error) => printLine(unreadableJson(file, error)),
      end: nothing,
    };
  }
  // Paragraphs.
  let gap = "";
  const found = (result: TrustCheck) => {
    printLine(`${gap}${trustCheckText(result)}`);
    gap = "\n";
  };
  return { found, unreadable: nothing, end: nothing };
}

/** One log for all files. */
function sarifPrinter(): Printer {
  const annotations: Annotation[] = [];
  return {
    found: (result) => annotations.push(...annotationsOf(result)),
    unreadable: (file, error) => annotations.push(unreadableAnnotation(file, error)),
    end: () => printLine(sarifLog(annotations)),
  };
}

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

import { TrustFileError } from "../../trust/read";
import { UsageError } from "../lib/errors";
import { EXIT } from "../lib/exit-code";
import { checkTrustFile } from "./check-file";
import { trustCheckJson, trustCheckText } from "./check-output";
import { readTrustFile } from "./file";
import type { TrustCheck } from "./findings";

/** The options of `trust check`. */
export interface TrustCheckOptions {
  readonly account?: string;
  readonly region?: string;
  readonly strict?: true;
  readonly json?: true;
}

/** Prints the findings for each file and sets the combined exit code. */
export async function check(files: string[], options: TrustCheckOptions): Promise<void> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = options.region ?? AWS_REGION ?? AWS_DEFAULT_REGION;
  const place = { account: options.account, region, now: new Date() };
  const print = options.json ? trustCheckJson : trustCheckText;
  const checks: TrustCheck[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    try {
      const result = checkTrustFile(await readTrustFile(file), place);
      checks.push(result);
      // Whole paragraphs, or one line each.
      const gap = checks.length > 1 && !options.json ? "\n" : "";
      process.stdout.write(`${gap}${print(result)}\n`);
    } catch (error) {
      if (!(error instanceof TrustFileError || error instanceof UsageError)) throw error;
      unreadable.push(error.message);
    }
  }
  if (unreadable.length > 0) throw new UsageError(unreadable.join("\n"));
  const bad = checks.some(({ problems, warnings }) => problems.length > 0 || (options.strict && warnings.length > 0));
  process.exitCode = bad ? EXIT.denied : EXIT.trusted;
}

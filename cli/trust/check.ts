import { Command } from "commander";
import { TrustFileError } from "../../trust/read";
import { UsageError } from "../lib/errors";
import { EXIT } from "../lib/exit-code";
import { type Help, withHelp } from "../lib/help";
import { parseAccount, parseRegion } from "../lib/option-values";
import { checkDocument } from "./check-document";
import { trustCheckJson, trustCheckText } from "./check-output";
import { checkStack } from "./check-stack";
import { readTrustFile, type TrustFile } from "./file";
import type { CheckOptions, TrustCheck } from "./findings";

interface Options {
  readonly account?: string;
  readonly region?: string;
  readonly strict?: true;
  readonly json?: true;
}

const HELP: Help = {
  notes: `Needs neither AWS nor Pulumi. Of a stack's file (Pulumi.<stack>.yaml) the whole configuration is checked, as
pulumi up would do; values from Pulumi.yaml are not read, and encrypted ones are taken as given.

A problem keeps the file from being used. A warning is no mistake for certain: an exemption that ends soon, a registry
that no statement covers, an identity that is one version of a profile.`,
  examples: [
    "ecs-image-verification trust check trust.yaml",
    "ecs-image-verification trust check trust.yaml --account 111122223333 --region eu-west-1",
    "ecs-image-verification trust check Pulumi.dev.yaml Pulumi.prod.yaml --strict --json",
  ],
  exitCodes: [
    "0 no file has problems; with --strict, no warnings either",
    "1 any file has problems; with --strict, or warnings",
    "64 the call cannot be used, or a file cannot be read or is no YAML or JSON; the others were checked",
  ],
};

/** `trust check`: what is wrong with trust documents and stack files. */
export function trustCheckCommand(): Command {
  const command = new Command("check")
    .description("Check trust documents and stack files for mistakes.")
    .argument("<file...>", "trust documents (YAML or JSON) or stack files (Pulumi.<stack>.yaml)")
    .option("--account <id>", "the AWS account that `self` stands for", parseAccount)
    .option("--region <name>", "the AWS region; a stack's file says its own (default: AWS_REGION)", parseRegion)
    .option("--strict", "let warnings count as problems")
    .option("--json", "print one JSON document a line for each file")
    .action(check);
  return withHelp(command, HELP);
}

async function check(files: string[], options: Options): Promise<void> {
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

/** Checks a file for everything that can be told without AWS and without Pulumi. */
export function checkTrustFile(file: TrustFile, options: CheckOptions): TrustCheck {
  const findings =
    file.kind === "stack" ? checkStack(file.stack, file.value, options) : checkDocument(file.value, options);
  return { file: file.file, kind: file.kind, ...findings };
}

import { join } from "node:path";
import * as own from "../../package.json";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { UsageError } from "../lib/errors";
import { problemLine } from "../trust/check-output";
import type { Answers } from "./answers";
import { checkPlan } from "./check-plan";
import { completeAnswers, filledIn } from "./complete";
import { lookAt, type TargetFolder } from "./folder";
import { dryRunText, initJson, initText } from "./init-text";
import { nextSteps } from "./next-steps";
import { plannedFiles } from "./plan";
import type { PlannedFile } from "./planned-file";
import type { Draft } from "./questions";
import { writeFiles } from "./write-files";

/** The options of `init`. */
export interface InitOptions {
  readonly for?: Answers["use"];
  readonly stack?: string;
  readonly region?: string;
  readonly account?: string;
  readonly mode?: Answers["mode"];
  readonly production?: true;
  readonly registry?: readonly string[];
  readonly identity?: readonly string[];
  readonly email?: readonly string[];
  readonly folder?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Writes the files of an environment, or a trust document for the command line, and says what is next. */
export async function init(options: InitOptions): Promise<void> {
  const { yes, dryRun, json } = options;
  const folder = lookAt(options.folder ?? ".");
  const now = new Date();
  const problemWith = (known: Draft) => problemIn(known, folder, now) ?? (dryRun ? undefined : occupied(known, folder));
  const given = givenBy(options);
  refuse(problemWith(given));
  const noTerminal = process.stdin.isTTY ? undefined : "there is no terminal to ask on";
  const silence = yes ? "--yes asks nothing" : noTerminal;
  const answers = await completeAnswers({ given, silence, env: process.env, problemWith });
  refuse(problemWith(answers));
  const files = plannedFiles(answers, folder, own);
  const isThere = ({ path }: PlannedFile) => folder.names.has(path);
  for (const warning of checkPlan(answers, files, now).warnings) {
    process.stderr.write(`Warning: ${problemLine(warning)}\n`);
  }
  if (dryRun && !json) {
    process.stdout.write(dryRunText(files.map((file) => ({ ...file, isThere: isThere(file) }))));
    return;
  }
  const written = files.filter((file) => !isThere(file));
  if (!dryRun) await writeFiles(folder.path, written);
  const kept = files.filter(isThere).map(({ path }) => path);
  const result = { folder: folder.path, written, kept, next: nextSteps(answers, folder, process.cwd()) };
  process.stdout.write(`${json ? initJson(result, dryRun === true) : initText(result)}\n`);
}

/** @throws {@link UsageError} if there is a problem. */
function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new UsageError(`${problem} Nothing was written.`);
}

function givenBy(options: InitOptions): Partial<Answers> {
  const { stack, region, account, mode, production, registry, identity, email } = options;
  return withoutUndefined({
    use: options.for,
    ...{ stack, region, account, mode, production },
    ...{ registries: registry, identities: identity, emails: email },
  });
}

/** What is wrong with the answers so far, as the readers of the files say. */
function problemIn(known: Draft, folder: TargetFolder, now: Date): string | undefined {
  const answers = filledIn(known);
  // It is part of the files' names, and the name of the environment.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(answers.stack)) {
    return "--stack must be the name of a stack, without an organization or project: 1 to 64 letters, digits, dots, - or _.";
  }
  const { problems } = checkPlan(answers, plannedFiles(answers, folder, own), now);
  return problems.length === 0 ? undefined : problems.map(problemLine).join("\n");
}

/** Names the files that are in the way, as far as the answers say which files there will be. */
function occupied(known: Draft, folder: TargetFolder): string | undefined {
  const isKnown = ({ ofStack }: PlannedFile) => (ofStack ? known.stack !== undefined : known.use !== undefined);
  const there = plannedFiles(filledIn(known), folder, own)
    .filter((file) => isKnown(file) && !file.keep && folder.names.has(file.path))
    .map(({ path }) => join(folder.path, path));
  if (there.length === 0) return undefined;
  return [
    `${there.length === 1 ? "This file is" : "These files are"} there already, and nothing is overwritten:`,
    ...there.map((file) => `  ${file}`),
    "Choose another --stack or --folder; or see with --dry-run what would be written, and add it by hand.",
  ].join("\n");
}

import { resolve } from "node:path";
import type { Command } from "commander";
import type { Environment } from "../../automation";
import { EnvironmentError } from "../../automation/environments/errors";
import { UsageError } from "../lib/errors";
import { interruptible } from "../lib/interruptible";
import { terminalPulumi } from "./terminal-pulumi";

/** The folder of this program, where `Pulumi.yaml` and the stacks' files are. */
export const CHECKOUT = resolve(__dirname, "../..");

/** Which environments a command is about. */
export interface EnvironmentsOptions {
  readonly stack: readonly string[];
  readonly project?: string;
  readonly json?: true;
}

export function withEnvironmentsOptions(command: Command): Command {
  return command
    .requiredOption(
      "--stack <name>",
      "the environment; give it several times for several, one after the other",
      collect,
    )
    .option("--project <dir>", "folder with Pulumi.yaml and the stacks' files (default: that of this program)");
}

/** What to do with one environment after the other. */
export interface Work<Answer> {
  run(environment: Environment, signal: AbortSignal): Promise<Answer>;
  text(stack: string, answer: Answer): string;
  /** For programs; without an answer every value is null. */
  json(stack: string, answer: Answer | undefined, error: EnvironmentError | undefined): object;
}

/** Does the work for each environment in the order given, and stops at the first failure. */
export async function inOrder<Answer>(
  { stack: stacks, project, json }: EnvironmentsOptions,
  work: Work<Answer>,
): Promise<void> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  await interruptible(async (signal) => {
    signal.addEventListener("abort", () => process.stderr.write(CANCELLING));
    for (const [index, stack] of stacks.entries()) {
      try {
        const environment = await openEnvironment(stack, project);
        const answer = await work.run(environment, signal);
        print(json ? JSON.stringify(work.json(stack, answer, undefined)) : work.text(stack, answer));
      } catch (error) {
        const left = stacks.slice(index + 1);
        if (json && error instanceof EnvironmentError) print(JSON.stringify(work.json(stack, undefined, error)));
        if (left.length > 0) process.stderr.write(`Not begun: ${left.join(", ")}.\n`);
        throw error;
      }
    }
  });
}

const CANCELLING =
  "\nCancelling: providers are asked to stop; what is under way may be half done. A second Ctrl-C ends Pulumi at once, and its state may lack what was made.\n";

/** The environment of a project folder, with the Pulumi CLI of this machine. */
export async function openEnvironment(stack: string, project = CHECKOUT): Promise<Environment> {
  const { createEnvironment, findPulumi } = loadAutomation();
  return createEnvironment({ stack, folder: project, pulumi: terminalPulumi(await findPulumi(stack)) });
}

/** Pulumi's Automation API takes a second to load; `--help` and the commands on images do without. */
function loadAutomation() {
  const { createEnvironment } =
    require("../../automation/environments/environment") as typeof import("../../automation/environments/environment");
  const { findPulumi } =
    require("../../automation/environments/workspace") as typeof import("../../automation/environments/workspace");
  return { createEnvironment, findPulumi };
}

function collect(stack: string, before: readonly string[] = []): readonly string[] {
  if (before.includes(stack)) throw new UsageError(`--stack ${stack} stands there twice.`);
  return [...before, stack];
}

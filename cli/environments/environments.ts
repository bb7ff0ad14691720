import type { Environment } from "../../automation";
import { EnvironmentError } from "../../automation/environments/errors";
import { checkProject } from "../../automation/environments/project";
import { interruptible } from "../lib/interruptible";
import { DEFAULT_PROJECT } from "./default-project";
import type { EnvironmentsOptions } from "./environments-options";
import { terminalPulumi } from "./terminal-pulumi";

/** The work to do for each environment in turn. */
export interface Work<Answer> {
  run(environment: Environment, signal: AbortSignal): Promise<Answer>;
  text(stack: string, answer: Answer): string;
  /** For programs; if there is no answer, every value is null. */
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
        if (left.length > 0) process.stderr.write(`Not started: ${left.join(", ")}.\n`);
        throw error;
      }
    }
  });
}

const CANCELLING =
  "\nCancelling: providers are asked to stop; unfinished work may be half done. A second Ctrl-C ends Pulumi immediately, and its state may lack what was created.\n";

/** The environment of a project folder, with the Pulumi CLI of this machine. */
export async function openEnvironment(stack: string, project = DEFAULT_PROJECT): Promise<Environment> {
  // Checked before locating Pulumi, which also takes a second to load: a wrong name is wrong on any machine.
  await checkProject({ stack, folder: project });
  const { createEnvironment, findPulumi } = loadAutomation();
  return createEnvironment({ stack, folder: project, pulumi: terminalPulumi(await findPulumi(stack)) });
}

/** Pulumi's Automation API takes a second to load; with `--outputs FILE`, the launch commands do not need it. */
function loadAutomation() {
  const { createEnvironment } =
    require("../../automation/environments/environment") as typeof import("../../automation/environments/environment");
  const { findPulumi } =
    require("../../automation/environments/workspace") as typeof import("../../automation/environments/workspace");
  return { createEnvironment, findPulumi };
}

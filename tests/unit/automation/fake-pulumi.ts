import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { MINIMAL_PULUMI } from "../../../automation/environments/minimal-pulumi";

/** One call of the CLI. */
export interface Call {
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the CLI answers: its standard output, or the text of its error. */
export type Answer = { readonly stdout: string } | { readonly stderr: string };

export interface FakePulumi {
  readonly command: PulumiCommand;
  readonly calls: readonly Call[];
}

/** The Pulumi CLI without a CLI: `answer` says what each call gives. */
export function fakePulumi(answer: (call: Call) => Answer, version = MINIMAL_PULUMI): FakePulumi {
  const calls: Call[] = [];
  const command = {
    command: "pulumi",
    // All that is used of a `SemVer`.
    version: {
      toString: () => version,
      compare: (other: string) => version.localeCompare(other, "en", { numeric: true }),
    },
    async run(args: string[], folder: string, environment: Record<string, string>) {
      const call = { args: [...args], folder, environment };
      calls.push(call);
      const answered = answer(call);
      if ("stdout" in answered) return commandResult(answered.stdout, "", 0);
      throw commandError(failedResult(args, answered.stderr));
    },
  };
  // The class has a private constructor; this is all that the Automation API uses of it.
  return { command: command as unknown as PulumiCommand, calls };
}

/** As Pulumi's own command has it (its `exec`): all that the CLI says is in it twice, and the exit code is lost. */
function failedResult(args: readonly string[], stderr: string): object {
  const message = `Command failed with exit code 255: pulumi ${args.join(" ")}\n${stderr}`;
  return commandResult("", message, -2, new Error(message));
}

/** The classes that Pulumi's own command makes its results and errors of; they are left out of the types. */
function commandResult(stdout: string, stderr: string, code: number, error?: Error): object {
  const { CommandResult } = require("@pulumi/pulumi/automation/cmd") as {
    CommandResult: new (stdout: string, stderr: string, code: number, error?: Error) => object;
  };
  return new CommandResult(stdout, stderr, code, error);
}

function commandError(result: object): Error {
  const { createCommandError } = require("@pulumi/pulumi/automation/errors") as {
    createCommandError: (result: object) => Error;
  };
  return createCommandError(result);
}

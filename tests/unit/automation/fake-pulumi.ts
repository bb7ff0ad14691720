import type { PulumiCommand } from "@pulumi/pulumi/automation";

/** One call of the CLI. */
export interface Call {
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What the CLI answers: its standard output, or the text of its error. */
export type Answer = { readonly stdout: string } | { readonly stderr: string; readonly code?: number };

export interface FakePulumi {
  readonly command: PulumiCommand;
  readonly calls: readonly Call[];
}

/** The Pulumi CLI without a CLI: `answer` says what each call gives. */
export function fakePulumi(answer: (call: Call) => Answer): FakePulumi {
  const calls: Call[] = [];
  const command = {
    command: "pulumi",
    // Read as text only.
    version: { toString: () => "3.259.0" },
    async run(args: string[], folder: string, environment: Record<string, string>) {
      const call = { args: [...args], folder, environment };
      calls.push(call);
      const answered = answer(call);
      if ("stdout" in answered) return commandResult(answered.stdout, "", 0);
      throw commandError(commandResult("", answered.stderr, answered.code ?? 255));
    },
  };
  // The class has a private constructor; this is all that the Automation API uses of it.
  return { command: command as unknown as PulumiCommand, calls };
}

/** The classes that Pulumi's own command makes its results and errors of; they are left out of the types. */
function commandResult(stdout: string, stderr: string, code: number): object {
  const { CommandResult } = require("@pulumi/pulumi/automation/cmd") as {
    CommandResult: new (stdout: string, stderr: string, code: number) => object;
  };
  return new CommandResult(stdout, stderr, code);
}

function commandError(result: object): Error {
  const { createCommandError } = require("@pulumi/pulumi/automation/errors") as {
    createCommandError: (result: object) => Error;
  };
  return createCommandError(result);
}

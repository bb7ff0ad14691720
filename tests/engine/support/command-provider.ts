import { isRecord, type Properties } from "./properties";
import type { ProviderPackage } from "./resource-provider";

/** A command that `command.local.Command` would run. */
export interface LocalCommand {
  readonly command: string;
  /** What runs it, with the command as last argument. */
  readonly interpreter: readonly string[];
  /** Default: the folder of the program. */
  readonly folder?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string;
}

/**
 * The package `command` with `local.Command`.
 *
 * @param execute Runs a command and gives its standard output. Default: runs nothing; what was asked for is among the calls.
 */
export function commandPackage(execute: (command: LocalCommand) => Promise<string> = async () => ""): ProviderPackage {
  const output = async (command: unknown, { environment, stdin, dir, interpreter }: Properties) => {
    if (typeof command !== "string") return {};
    const variables = Object.entries(isRecord(environment) ? environment : {});
    const stdout = await execute({
      command,
      interpreter: Array.isArray(interpreter) ? interpreter.map(String) : ["/bin/sh", "-c"],
      ...(typeof dir === "string" ? { folder: dir } : {}),
      environment: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
      stdin: typeof stdin === "string" ? stdin : "",
    });
    return { stdout: stdout.trimEnd(), stderr: "" };
  };
  return {
    name: "command",
    version: "1.2.1",
    kinds: {
      "command:local:Command": {
        replaceOn: ["triggers"],
        computed: ["stdout", "stderr"],
        renewed: ["stdout", "stderr"],
        create: async ({ name, inputs }) => ({
          id: name,
          properties: { stdout: "", stderr: "", ...(await output(inputs.create, inputs)) },
        }),
        update: ({ inputs }, { properties }) =>
          output(inputs.update ?? inputs.create, { ...inputs, environment: withPrevious(inputs, properties) }),
        async remove({ inputs }) {
          await output(inputs.delete, inputs);
        },
      },
    },
  };
}

/** An update sees what the command printed before. */
function withPrevious({ environment }: Properties, { stdout, stderr }: Properties): Properties {
  const previous = { PULUMI_COMMAND_STDOUT: stdout, PULUMI_COMMAND_STDERR: stderr };
  return { ...previous, ...(isRecord(environment) ? environment : {}) };
}

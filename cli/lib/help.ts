import type { Command } from "commander";

/** Text for `--help` and docs/cli.md in addition to the options. */
export interface Help {
  /** What a reader must know before the first call: plain text, as shown in `--help`. */
  readonly notes?: string;
  /** Whole command lines, each beginning with `ecs-image-verification`. */
  readonly examples: readonly string[];
  /** Lines such as "0 all trusted or exempt". */
  readonly exitCodes: readonly string[];
}

const HELP = Symbol("help");

/** Adds the text to the command's `--help`, and keeps it for {@link readHelp}. */
export function withHelp(command: Command, help: Help): Command {
  Object.defineProperty(command, HELP, { value: help });
  return command.addHelpText("after", `\n${helpText(help)}`);
}

/** Returns the text that {@link withHelp} added to the command. */
export function readHelp(command: Command): Help | undefined {
  return (command as Command & { readonly [HELP]?: Help })[HELP];
}

function helpText({ notes, examples, exitCodes }: Help): string {
  return [
    ...(notes === undefined ? [] : [notes.trim()]),
    ["Examples:", ...examples.map((line) => `  ${line}`)].join("\n"),
    ["Exit codes:", ...exitCodes.map((line) => `  ${line}`)].join("\n"),
  ].join("\n\n");
}

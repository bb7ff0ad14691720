import type { Command } from "commander";

/** Text for `--help` and docs/cli.md in addition to the options. */
export interface Help {
  /** What a reader must know before the first call: plain text, whose paragraphs `--help` fills to the terminal's width. */
  readonly notes?: string;
  /** Whole command lines, each beginning with `ecs-image-verification`. */
  readonly examples: readonly string[];
  /** Lines such as "0 all trusted or exempt". */
  readonly exitCodes: readonly string[];
}

const HELP = Symbol("help");

/** Gives the command this text, for its `--help` and docs/cli.md. */
export function withHelp(command: Command, help: Help): Command {
  return Object.defineProperty(command, HELP, { value: help });
}

/** Returns the text that {@link withHelp} gave the command. */
export function readHelp(command: Command): Help | undefined {
  return (command as Command & { readonly [HELP]?: Help })[HELP];
}

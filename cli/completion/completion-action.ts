import type { Command } from "commander";
import { rootOf } from "../lib/command-path";
import { bashScript } from "./bash-script";
import { type CompletedCommand, completedCommands } from "./completed-command";
import { fishScript } from "./fish-script";
import { zshScript } from "./zsh-script";

const SCRIPTS: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Prints the script for a shell. */
export async function complete(shell: string, _: object, command: Command): Promise<void> {
  process.stdout.write(SCRIPTS[shell]?.(completedCommands(rootOf(command))) ?? "");
}

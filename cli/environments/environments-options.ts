import type { Command } from "commander";
import { collect } from "../lib/repeatable";
import { DEFAULT_PROJECT_TEXT } from "./default-project";

/** Which environments a command is about. */
export interface EnvironmentsOptions {
  readonly stack: readonly string[];
  readonly project?: string;
  readonly json?: true;
}

/** Adds the options of {@link EnvironmentsOptions}, without `--json`. */
export function withEnvironmentsOptions(command: Command): Command {
  return command
    .requiredOption(
      "--stack <name>",
      "the environment; may be repeated, for several in the order given",
      collect("--stack"),
    )
    .option("--project <dir>", `folder with Pulumi.yaml and the stacks' files (${DEFAULT_PROJECT_TEXT})`);
}

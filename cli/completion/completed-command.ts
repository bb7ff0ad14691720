import type { Argument, Command, Option } from "commander";
import { REASON_CODES } from "../../verifier/src/verification/verdict";
import { pathOf } from "../lib/command-path";
import { defaultCommandOf } from "../lib/default-command";
import { isRepeatable } from "../lib/repeatable";

/** What a script for a shell has to know of a command. */
export interface CompletedCommand {
  /** The words after the program's name, such as `gate check`; none for the program itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  readonly argument?: CompletedValue & { readonly isVariadic: boolean };
}

export interface CompletedOption {
  /** The short form, if there is one, before the long one. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly isRepeatable: boolean;
  readonly value?: CompletedValue;
}

/** What may stand in one place. Of `other` the shell knows nothing. */
export interface CompletedValue {
  readonly name: string;
  readonly kind: "words" | "file" | "folder" | "stack" | "other";
  readonly words: readonly string[];
}

/** All commands, each after its parent. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  return [toCompleted(program), ...program.commands.flatMap(completedCommands)];
}

function toCompleted(command: Command): CompletedCommand {
  const called = defaultCommandOf(command) ?? command;
  const [argument] = called.registeredArguments;
  return {
    path: command.parent === null ? "" : pathOf(command),
    commands: command.commands.map((one) => ({ name: one.name(), description: one.description() })),
    options: [...called.options.filter(({ hidden }) => !hidden).map(toOption), HELP],
    ...(argument === undefined ? {} : { argument: { ...argumentValue(argument), isVariadic: argument.variadic } }),
  };
}

const HELP: CompletedOption = {
  flags: ["-h", "--help"],
  description: "display help for command",
  isRepeatable: false,
};

function toOption(option: Option): CompletedOption {
  const { short, long, description, required, parseArg } = option;
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    isRepeatable: isRepeatable(parseArg),
    ...(required ? { value: optionValue(option) } : {}),
  };
}

function optionValue({ flags, long, argChoices = [] }: Option): CompletedValue {
  const name = /<([^>]+)>/.exec(flags)?.[1] ?? "value";
  return long === "--stack" ? { name, kind: "stack", words: [] } : valueNamed(name, argChoices);
}

function argumentValue(argument: Argument): CompletedValue {
  return valueNamed(argument.name(), argument.argChoices ?? []);
}

/** In options and arguments alike, these names say what is meant: `<file>`. */
function valueNamed(name: string, choices: readonly string[]): CompletedValue {
  if (choices.length > 0) return { name, kind: "words", words: choices };
  if (name === "code") return { name, kind: "words", words: REASON_CODES };
  const kind = name === "file" ? "file" : name === "dir" ? "folder" : "other";
  return { name, kind, words: [] };
}

import type { Command, Option } from "commander";
import { suggestKey } from "../../trust/suggest-key";
import { defaultCommandOf } from "./default-command";
import { isRepeatable } from "./repeatable";

/**
 * Rejects options that are likely mistakes. Commander would answer `--clutser x` with "--cluster is required", take the next
 * option as a value that is missing, silently use the last of two values, and name only one of several required options.
 *
 * @param words the words after the program's name.
 * @throws `CommanderError`, after the message was written.
 */
export function checkWrittenOptions(program: Command, words: readonly string[]): void {
  const { command, rest } = called(program, words);
  // A command that only groups subcommands has no options: the subcommand is not known yet.
  if (command.commands.length > 0 || rest.some((word) => word === "--help" || word === "-h")) return;
  const problem = problemIn(command, rest);
  if (problem !== undefined) command.error(`error: ${problem}`);
}

function called(command: Command, words: readonly string[]): { readonly command: Command; readonly rest: string[] } {
  const [first, ...rest] = words;
  const next = command.commands.find((one) => one.name() === first);
  if (next !== undefined) return called(next, rest);
  return { command: defaultCommandOf(command) ?? command, rest: [...words] };
}

function problemIn(command: Command, words: readonly string[]): string | undefined {
  const options = new Map(
    command.options.flatMap((option) => [option.short, option.long].map((flag) => [flag, option])),
  );
  const given = new Set<Option>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--") return undefined;
    if (!/^[-\u2010-\u2015\u2212]./.test(word)) {
      if (word === "") return "an argument is empty. If it is a shell variable, the variable is not set.";
      continue;
    }
    const [flag = "", attached] = word.startsWith("--") ? splitOnce(word) : [word];
    const option = options.get(flag);
    if (option === undefined) return unknownOption(flag, command);
    if (!option.required) continue;
    const value = attached ?? words[index + 1];
    if (attached === undefined) index += 1;
    // Commander reports the missing value itself.
    if (value === undefined) return undefined;
    const problem = valueProblem(option, value, attached === undefined && options.has(splitOnce(value)[0]));
    if (problem !== undefined) return problem;
    if (given.has(option) && !isRepeatable(option.parseArg)) {
      return `option '${option.flags}' is given twice, but takes one value`;
    }
    given.add(option);
  }
  return missingOptions(command.options.filter((option) => option.mandatory && !given.has(option)));
}

/** Commander would name only the first. */
function missingOptions(options: readonly Option[]): string | undefined {
  if (options.length < 2) return undefined;
  return `required options ${options.map(({ flags }) => `'${flags}'`).join(", ")} not specified`;
}

function valueProblem({ flags }: Option, value: string, isOption: boolean): string | undefined {
  if (value === "") return `option '${flags}' is empty. If its value is a shell variable, the variable is not set.`;
  return isOption ? `option '${flags}' argument missing: ${value} follows, which is an option itself` : undefined;
}

function unknownOption(flag: string, command: Command): string {
  const known = command.options.flatMap(({ long, hidden }) => (hidden || !long ? [] : [long.slice(2)]));
  const name = flag.replace(/^[-\u2010-\u2015\u2212]+/, "");
  const begun = known.filter((one) => name.length >= 3 && one.startsWith(name));
  const near = suggestKey(name, [...known, "help"]) ?? (begun.length === 1 ? begun[0] : undefined);
  return `unknown option '${flag}'${near === undefined ? "" : `\n(Did you mean --${near}?)`}`;
}

/** Splits `--name=value` into name and value; without a value, returns the whole word. */
function splitOnce(word: string): [flag: string, value?: string] {
  const sign = word.indexOf("=");
  return sign === -1 ? [word] : [word.slice(0, sign), word.slice(sign + 1)];
}

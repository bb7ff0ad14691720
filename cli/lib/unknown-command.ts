import type { Command } from "commander";
import { suggestKey } from "../../trust/suggest-key";
import { pathOf } from "./command-path";
import { defaultCommandOf } from "./default-command";

/** Commands of this name there are not, but what is meant by them is clear. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["gate close", "gate open end"],
  ["gate openings", "gate open list"],
  ["unblock", "block end"],
  ["unexempt", "exempt end"],
]);

/** The same for the commands of a command that has a default command. */
const MEANT_BELOW: ReadonlyMap<string, string> = new Map([
  ["delete", "end"],
  ["lift", "end"],
  ["ls", "list"],
  ["remove", "end"],
  ["rm", "end"],
  ["show", "list"],
  ["stop", "end"],
]);

/** The command that is meant by words which name none, if that is clear. */
export function meantBy(words: readonly string[]): string | undefined {
  return MEANT.get(words.join(" "));
}

/**
 * Rejects words that can only be meant as a command, but are none. Commander would take `block ls` for `block add ls`, and
 * answer that `--reason` is missing.
 *
 * @param words the words after the program's name.
 * @throws `CommanderError`, after the message was written.
 */
export function checkCommandWords(program: Command, words: readonly string[]): void {
  if (words.some((word) => word === "--help" || word === "-h")) return;
  for (const count of [1, 2]) {
    const meant = meantBy(words.slice(0, count));
    const word = words[count - 1];
    if (meant !== undefined) program.error(`error: unknown command '${word}'\n(Did you mean ${meant}?)`);
  }
  const { command, rest } = called(program, words);
  const problem = defaultCommandOf(command) && problemBelow(command, rest[0]);
  if (problem !== undefined) command.error(`error: ${problem}`);
}

/** The first command on the way that has a default command, or the last, and the words after it. */
function called(
  command: Command,
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } {
  const [first, ...rest] = words;
  const next = defaultCommandOf(command) ? undefined : command.commands.find((one) => one.name() === first);
  return next === undefined ? { command, rest: words } : called(next, rest);
}

function problemBelow(command: Command, word: string | undefined): string | undefined {
  const names = command.commands.map((one) => one.name());
  const commands = `its commands are ${names.join(", ")}`;
  const argument = defaultCommandOf(command)?.registeredArguments[0]?.name() ?? "argument";
  const value = `${/^[aeiou]/.test(argument) ? "an" : "a"} ${argument}`;
  if (word === undefined) return `${pathOf(command)} needs ${value} or a command; ${commands}`;
  // An image has its registry and digest, and a service its cluster, so a bare word is neither. An option may come first.
  if (names.includes(word) || !/^[A-Za-z][A-Za-z-]*$/.test(word)) return undefined;
  const near = MEANT_BELOW.get(word) ?? suggestKey(word, names);
  const hint = near === undefined ? "" : `\n(Did you mean ${pathOf(command)} ${near}?)`;
  return `'${word}' is neither ${value} nor a command of ${pathOf(command)}; ${commands}${hint}`;
}

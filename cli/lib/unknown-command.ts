import type { Command } from "commander";
import { suggestKey } from "../../trust/suggest-key";
import { defaultCommandOf } from "./default-command";

/** Commands of this name there are not, but what is meant by them is clear. */
const MEANT: ReadonlyMap<string, string> = new Map([
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

/**
 * Rejects words that can only be meant as a command, but are none. Commander would take `block ls` for `block add ls`, and
 * answer that `--reason` is missing.
 *
 * @param words the words after the program's name.
 * @throws `CommanderError`, after the message was written.
 */
export function checkCommandWords(program: Command, words: readonly string[]): void {
  if (words.some((word) => word === "--help" || word === "-h")) return;
  const [first = "", second] = words;
  const meant = MEANT.get(first);
  if (meant !== undefined) program.error(`error: unknown command '${first}'\n(Did you mean ${meant}?)`);
  const command = program.commands.find((one) => one.name() === first);
  const problem = command && defaultCommandOf(command) && problemBelow(command, second);
  if (problem !== undefined) command?.error(`error: ${problem}`);
}

function problemBelow(command: Command, word: string | undefined): string | undefined {
  const names = command.commands.map((one) => one.name());
  const commands = `its commands are ${names.join(", ")}`;
  if (word === undefined) return `${command.name()} needs an image or a command; ${commands}`;
  // An image has its registry and digest, so a bare word is none. An option may come before the image.
  if (names.includes(word) || !/^[A-Za-z][A-Za-z-]*$/.test(word)) return undefined;
  const near = MEANT_BELOW.get(word) ?? suggestKey(word, names);
  const hint = near === undefined ? "" : `\n(Did you mean ${command.name()} ${near}?)`;
  return `'${word}' is neither an image nor a command of ${command.name()}; ${commands}${hint}`;
}

import { Command } from "commander";
import { suggestKey } from "../../trust/suggest-key";
import { pathOf, rootOf } from "./command-path";
import { defaultCommandOf } from "./default-command";
import { withHelp } from "./help";
import { meantBy } from "./unknown-command";

/** `help`: what `--help` after a command shows. */
export function helpCommand(): Command {
  const command = new Command("help")
    .description("Show the help of a command, or list the commands.")
    .argument("[command...]", "the words of the command, such as gate check")
    .action((words: readonly string[], _: object, self: Command) => namedBy(words, rootOf(self)).outputHelp());
  return withHelp(command, {
    notes: "The same as --help after the command. `help` may also stand after the first words of one: gate help check.",
    examples: ["ecs-image-verification help verify", "ecs-image-verification help gate check"],
    exitCodes: ["0 shown", "64 there is no such command"],
  });
}

/**
 * The words that commander understands, for a call that asks for help in another way: a command that only groups others is
 * called alone, or `help` stands behind it. It is not asked for with a command that has a default: that lacks an argument.
 */
export function withHelpWords(program: Command, words: readonly string[]): readonly string[] {
  const groups = groupsOf(program, words);
  const [next, ...rest] = words.slice(groups.length);
  if (next === undefined && isGroup(groups.at(-1) ?? program)) return [...words, "--help"];
  return next === "help" && groups.length > 0 ? ["help", ...groups.map((group) => group.name()), ...rest] : words;
}

/** The commands on the way whose next word names another command. */
function groupsOf(program: Command, words: readonly string[]): readonly Command[] {
  const next = program.commands.find((one) => one.name() === words[0]);
  return next === undefined || next.commands.length === 0 ? [] : [next, ...groupsOf(next, words.slice(1))];
}

function isGroup(command: Command): boolean {
  return command.commands.length > 0 && defaultCommandOf(command) === undefined;
}

/** @throws `CommanderError` if there is no such command, after the message was written. */
function namedBy(words: readonly string[], root: Command): Command {
  let command = root;
  for (const [at, word] of words.entries()) {
    const names = command.commands.map((one) => one.name());
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) {
      const near = suggestKey(word, names);
      const found = near === undefined ? undefined : [...words.slice(0, at), near].join(" ");
      const meant = meantBy(words.slice(0, at + 1)) ?? found;
      const what =
        names.length === 0 ? `${pathOf(command)} has no commands, so '${word}' is none` : `unknown command '${word}'`;
      return command.error(`error: ${what}${meant === undefined ? "" : `\n(Did you mean ${meant}?)`}`);
    }
    command = next;
  }
  return command;
}

import type { Command } from "commander";

const DEFAULTS = new WeakMap<Command, Command>();

/** Adds a command whose name may be left out: `block IMAGE` is `block add IMAGE`. The usage of the parent says so. */
export function addDefaultCommand(parent: Command, command: Command): void {
  parent.addCommand(command, { isDefault: true }).helpCommand(false);
  DEFAULTS.set(parent, command);
  const words = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const required = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  parent.usage([`[${command.name()}]`, ...words, ...required, "[options]"].join(" "));
}

/** The command that is meant where none is named; undefined if one must be. */
export function defaultCommandOf(parent: Command): Command | undefined {
  return DEFAULTS.get(parent);
}

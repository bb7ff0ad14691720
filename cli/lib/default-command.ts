import type { Command } from "commander";

const DEFAULTS = new WeakMap<Command, Command>();

/** Adds a command whose name may be left out: `block IMAGE` is `block add IMAGE`. */
export function addDefaultCommand(parent: Command, command: Command): void {
  parent.addCommand(command, { isDefault: true });
  DEFAULTS.set(parent, command);
}

/** The command that is meant where none is named; undefined if one must be. */
export function defaultCommandOf(parent: Command): Command | undefined {
  return DEFAULTS.get(parent);
}

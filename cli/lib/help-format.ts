import { type Argument, type Command, Help, type HelpConfiguration, type Option } from "commander";
import { defaultCommandOf } from "./default-command";
import { fill } from "./fill";
import { readHelp } from "./help";
import { helpText } from "./help-text";

/**
 * How `--help` differs from commander's: it marks the options that must be given, a command with a default command shows
 * the arguments and options of that, too, and below them are notes, examples and exit codes. All fits the terminal.
 */
export const HELP_FORMAT: HelpConfiguration = {
  optionDescription(this: Help, option: Option): string {
    const text = Help.prototype.optionDescription.call(this, option);
    return option.mandatory ? `${text} (required)` : text;
  },
  visibleArguments(this: Help, command: Command): Argument[] {
    return Help.prototype.visibleArguments.call(this, defaultCommandOf(command) ?? command);
  },
  visibleOptions(this: Help, command: Command): Option[] {
    return Help.prototype.visibleOptions.call(this, defaultCommandOf(command) ?? command);
  },
  styleUsage(this: Help, usage: string): string {
    const indent = "Usage: ".length;
    return fill(usage.split(" "), widthOf(this) - indent).join(`\n${" ".repeat(indent)}`);
  },
  formatHelp(this: Help, command: Command, helper: Help): string {
    const text = Help.prototype.formatHelp.call(this, command, helper);
    const help = readHelp(command);
    return help === undefined ? text : `${text}\n${helpText(help, widthOf(helper))}\n`;
  },
};

/** Where the output is no terminal, commander takes 80 columns. */
function widthOf({ helpWidth = 80 }: Help): number {
  return helpWidth;
}

import { type Argument, type Command, Help, type HelpConfiguration, type Option } from "commander";
import { defaultCommandOf } from "./default-command";

/**
 * How `--help` differs from commander's: it marks the options that must be given, and a command with a default command
 * shows the arguments and options of that, too.
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
};

import { Argument, Command } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";

const HELP: Help = {
  notes: `The script knows commands, options and their values, files, and for --stack the stacks whose files are in the current
folder. It is complete in itself: Tab does not call this program. Make it again after an update.

For one shell:
  bash, zsh  eval "$(ecs-image-verification completion bash)"
  fish       ecs-image-verification completion fish | source

For every new shell, write it to a file, whose folder may have to be made first:
  bash  ~/.local/share/bash-completion/completions/ecs-image-verification
        (needs bash-completion; else put the line above into ~/.bashrc)
  zsh   _ecs-image-verification in a folder of $fpath, before compinit is called
  fish  ~/.config/fish/completions/ecs-image-verification.fish`,
  examples: [
    "ecs-image-verification completion bash > ~/.local/share/bash-completion/completions/ecs-image-verification",
    "ecs-image-verification completion zsh > ~/.zsh/completions/_ecs-image-verification",
    "ecs-image-verification completion fish > ~/.config/fish/completions/ecs-image-verification.fish",
  ],
  exitCodes: ["0 printed", "64 there is no script for this shell, or the call cannot be used"],
};

/** `completion`: scripts for shells. */
export function completionCommand(): Command {
  const command = new Command("completion")
    .description("Print a script that makes a shell complete this program's commands.")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .action(lazily(() => (require("./completion-action") as typeof import("./completion-action")).complete));
  return withHelp(command, HELP);
}

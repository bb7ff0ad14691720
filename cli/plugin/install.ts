import { Command } from "commander";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";

const HELP: Help = {
  notes: `The version is that of the verifier image. Go builds it from AWS's source; Go's checksum database vouches for that, whatever
this machine's settings say. With --from-image it is copied out of a verifier image with Docker; of the image only the plugin
is run. It is asked for its version before it is installed, and gets no credentials of the environment; another version than
the pinned one is not installed.

It is put where Notation keeps its plugins, so that the Notation CLI finds it, too: in NOTATION_LIBEXEC, NOTATION_CONFIG or
Notation's folder of this user. The same version that is there already is left alone; another one is only replaced with --force.`,
  examples: [
    "ecs-image-verification plugin install",
    "ecs-image-verification plugin install --from-image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/verifier@sha256:...",
    "ecs-image-verification plugin install --force --json | jq -r .plugin",
  ],
  exitCodes: [
    "0 it is installed",
    "2 it could not be made: nothing was installed",
    "64 the call cannot be used, or another version is there: nothing was installed",
  ],
};

/** `plugin install`: installs AWS's Signer plugin for Notation. */
export function pluginInstallCommand(): Command {
  const command = new Command("install")
    .description("Install AWS's Signer plugin for Notation on this machine, at the version of the verifier image.")
    .option("--from-image <image>", "copy it out of a verifier image with Docker (default: Go builds it)")
    .option("--force", "replace what is there")
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./install-action") as typeof import("./install-action")).install));
  return withHelp(command, HELP);
}

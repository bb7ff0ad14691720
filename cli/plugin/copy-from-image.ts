import { join } from "node:path";
import { platformName } from "../../build/program";
import { CommandFailedError, UsageError } from "../lib/errors";
import { printable } from "../lib/printable";
import { runProgram } from "../lib/run-program";
import { PLUGIN_VERSION } from "./release";

/** Where a verifier image has the plugin (verifier/Dockerfile). */
const IN_IMAGE = "/opt/ecs-image-verification/signer-plugin";

/** What Docker says of an image: its platform, and the version of the plugin by its label. */
const ASKED = '{{.Os}}-{{.Architecture}} {{index .Config.Labels "ecs-image-verification.signer-plugin"}}';

/**
 * Copies the plugin out of a verifier image into a folder, with Docker, and gives its path. No container is started.
 *
 * @throws {@link UsageError} for an image with another plugin, or for another kind of machine; {@link CommandFailedError}.
 */
export async function copyFromImage(image: string, folder: string): Promise<string> {
  const copied = join(folder, "copied");
  // It fetches the image if it is not here. A container that is never started has the image's files.
  const container = (await docker(["create", image])).trim().split("\n").at(-1) ?? "";
  try {
    checkImage(image, (await docker(["image", "inspect", "--format", ASKED, image])).trim());
    await docker(["cp", `${container}:${IN_IMAGE}`, copied]);
  } finally {
    await runProgram("docker", { args: ["rm", "--force", container] });
  }
  return copied;
}

/** @throws {@link UsageError} */
function checkImage(image: string, said: string): void {
  const [platform = "", version = ""] = said.split(" ");
  const own = platformName(process.platform, process.arch);
  if (platform !== own) {
    throw new UsageError(
      `--from-image: ${image} is for ${printable(platform)}, and this machine is ${own}. Name an image for this machine, or leave the option out: Go then builds the plugin.`,
    );
  }
  // The image that signs samples has no labels; then the plugin itself says its version.
  const known = version !== "" && version !== "<no" && version !== "<nil>";
  if (known && version !== PLUGIN_VERSION) {
    throw new UsageError(
      `--from-image: ${image} has the plugin ${printable(version)}, and ${PLUGIN_VERSION} is wanted. Name an image that this version has built, or leave the option out: Go then builds the plugin.`,
    );
  }
}

async function docker(args: readonly string[]): Promise<string> {
  const outcome = await runProgram("docker", { args });
  if (outcome.kind === "missing") {
    throw new CommandFailedError(
      "--from-image needs Docker, and docker is not on the PATH. Install it (https://docs.docker.com/get-docker/), or leave the option out: Go then builds the plugin.",
    );
  }
  if (outcome.kind === "ended" && outcome.code === 0) return outcome.stdout;
  const why = outcome.kind === "ended" ? printable(outcome.stderr.trim(), 500) : "it cannot be run";
  throw new CommandFailedError(`docker ${args[0]} failed: ${why}`);
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { commandPackage, type LocalCommand } from "./command-provider";
import { pushed } from "./pushed-images";
import type { SceneOptions } from "./scene";

const run = promisify(execFile);

/** The digest of the sample in the stand-in for its copying. */
export const SAMPLE_DIGEST = `sha256:${"5a".repeat(32)}`;

/** The program of this repository, with nothing built and nothing signed. */
export const program: SceneOptions = {
  projectName: "ecs-image-verification",
  packages: [commandPackage(playCommand)],
  environment: {
    // They are looked for before anything is made; that they can be run is all that is asked.
    NOTATION_VERIFIER: process.execPath,
    SIGNER_PLUGIN: process.execPath,
  },
};

/** Runs what needs nothing but Node; answers for what would copy and sign the sample. */
async function playCommand({ command, interpreter, environment }: LocalCommand): Promise<string> {
  const [executable, ...flags] = interpreter;
  if (executable === "node") return (await run(process.execPath, [...flags, command])).stdout;
  if (command.startsWith("printf")) return environment.PULUMI_COMMAND_STDOUT ?? "";
  if (command.includes("copy-main")) {
    pushed(environment.REPOSITORY ?? "");
    return `${environment.REPOSITORY}@${SAMPLE_DIGEST}`;
  }
  if (command.includes("sign-main")) return JSON.stringify({ reference: environment.IMAGE });
  throw new Error(`The stand-in for the provider command does not play: ${command}`);
}

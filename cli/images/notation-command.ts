import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { allowedEnvironment, OPERATOR_VARIABLES } from "../../verifier/src/notation/environment";
import type { RegistryCredentials } from "../../verifier/src/verification/registry/ecr-credentials";
import { CommandFailedError } from "../lib/errors";
import { printable } from "../lib/printable";

/** One run of a command of `notation-verifier`. */
export interface NotationCommand {
  readonly executable: string;
  readonly args: readonly string[];
  /** `registry/repository` with a tag or a digest. */
  readonly reference: string;
  /** For the registry; they go to standard input, never into arguments. */
  readonly credentials: RegistryCredentials | undefined;
  /** Where AWS Signer is asked. Default: what the environment says. */
  readonly region: string | undefined;
}

/**
 * Runs it and gives the JSON document that it writes, also when it fails: the document says why.
 *
 * @throws {@link CommandFailedError} if it writes none.
 */
export async function runNotation(command: NotationCommand): Promise<unknown> {
  const { executable, args, reference, credentials, region } = command;
  const login = credentials === undefined ? [] : ["--credentials-stdin"];
  const environment = allowedEnvironment(process.env, OPERATOR_VARIABLES);
  const child = spawn(executable, [...args, ...login, reference], {
    env: region === undefined ? environment : { ...environment, AWS_REGION: region },
  });
  // A signal ends this process by process.exit, which would leave the other running.
  const kill = () => child.kill();
  process.once("exit", kill);
  const ended = new Promise<string>((resolve) => {
    child.once("error", ({ message }) => resolve(`it could not be started: ${message}`));
    child.once("close", (code, signal) =>
      resolve(signal === null ? `it ended with code ${code}` : `${signal} ended it`),
    );
  });
  // A program that ends early says why on its standard error.
  child.stdin.on("error", () => {});
  child.stdin.end(credentials === undefined ? "" : JSON.stringify(credentials));
  const [stdout, stderr, how] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  process.off("exit", kill);
  try {
    return JSON.parse(stdout);
  } catch (error) {
    const said = printable(stderr.trim().split("\n", 1)[0] ?? "", 1000);
    throw new CommandFailedError(`${executable} ${args[0]} failed: ${said || how}`, { cause: error });
  }
}

/** The flags that every command with the plugin and a registry has. */
export function accessFlags(access: {
  readonly plugin: string | undefined;
  readonly signerEndpoint: string | undefined;
  readonly plainHttp: boolean;
}): string[] {
  return [
    ...(access.plugin === undefined ? [] : ["--plugin", access.plugin]),
    ...(access.signerEndpoint === undefined ? [] : ["--signer-endpoint", access.signerEndpoint]),
    ...(access.plainHttp ? ["--plain-http"] : []),
  ];
}

import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { buildGo, isBuilt, notationVerifier, RequirementMissingError } from "../../build/go";
import type { RegistryCredentials } from "../../verifier/src/verification/registry/ecr-credentials";
import { CommandFailedError, UsageError } from "../lib/errors";
import { parseUrl } from "../lib/option-values";

/** How an image and AWS Signer are reached: what the commands that work on images have in common. */
export interface ImageAccess {
  readonly plugin?: string;
  readonly signerEndpoint?: string;
  readonly plainHttp?: true;
  readonly username?: string;
}

/** Adds the options of {@link ImageAccess}. */
export function withImageAccess(command: Command): Command {
  return command
    .option("--plugin <file>", "the AWS Signer plugin (default: SIGNER_PLUGIN, else Notation's plugin folder)")
    .option("--signer-endpoint <url>", "ask this URL in place of AWS Signer", parseUrl)
    .option("--plain-http", "talk HTTP to the registry")
    .option("--username <name>", "for a registry other than ECR; the password is read from standard input");
}

/**
 * The program that verifies, signs and inspects; built if it is not there.
 *
 * @throws {@link CommandFailedError} if it must be built and Go is not installed.
 */
export async function builtVerifier(): Promise<string> {
  if (!(await isBuilt(notationVerifier))) {
    process.stderr.write("Building the verifier, once: this takes up to a minute.\n");
  }
  try {
    return await buildGo(notationVerifier);
  } catch (error) {
    if (error instanceof RequirementMissingError) throw new CommandFailedError(error.message, { cause: error });
    throw error;
  }
}

/** The credentials of a user whose password comes on standard input. */
export async function readPassword(username: string, registry: string): Promise<RegistryCredentials> {
  if (process.stdin.isTTY) process.stderr.write(`Password of ${username} at ${registry} (end with Ctrl-D): `);
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (password === "") throw new UsageError("--username needs the password on standard input, and there is none.");
  return { username, password };
}

import type { Command } from "commander";
import { parseUrl } from "../lib/option-values";
import { parseTokenServer } from "../registry-logins/token-server";

/** How to verify: the options shared by the commands that judge images. */
export interface VerifierAccess {
  readonly plugin?: string;
  readonly signerEndpoint?: string;
  readonly plainHttp?: true;
}

/** How to reach an image and AWS Signer: the options shared by the commands that work on images. */
export interface ImageAccess extends VerifierAccess {
  readonly username?: string;
  readonly tokenServer?: string;
}

/** Adds the options of {@link VerifierAccess}. */
export function withVerifierAccess(command: Command): Command {
  return command
    .option("--plugin <file>", "the AWS Signer plugin (default: SIGNER_PLUGIN, else Notation's plugin folder)")
    .option("--signer-endpoint <url>", "ask this URL instead of AWS Signer", parseUrl)
    .option("--plain-http", "use HTTP for the registry");
}

/** Adds the options of {@link ImageAccess}. */
export function withImageAccess(command: Command): Command {
  return withLogin(withVerifierAccess(command));
}

/** The options for the login of a registry. */
export function withLogin(command: Command): Command {
  return command
    .option("--username <name>", "for a registry other than ECR; the password is read from standard input")
    .option(
      "--token-server <host>",
      "host of the registry's token server; the login is sent there too",
      parseTokenServer,
    );
}

import type { Command } from "commander";
import type { DeployedOptions } from "../environments/deployed-options";
import { type VerifierAccess, withVerifierAccess } from "../images/image-access";
import { parseSeconds } from "../lib/option-values";
import { TRUST_FILE, type TrustOptions, withProfileOptions } from "../trust/options";

/** How the images of services are judged on this machine. */
export interface JudgingOptions
  extends DeployedOptions,
    VerifierAccess,
    Pick<TrustOptions, "signingProfile" | "stackProfile"> {
  /** The file; default: that of the stack. */
  readonly trust?: string;
  readonly trustStore?: string;
  /** In seconds. */
  readonly timeout: number;
}

const ENVIRONMENT_TRUST = `what the environment trusts: ${TRUST_FILE} (default: the file of the stack of --stack; with --outputs, what is deployed)`;

/**
 * Adds the options of {@link JudgingOptions}, beside those of the deployed environment.
 *
 * @param trustIs describes `--trust`.
 */
export function withJudgingOptions(command: Command, trustIs = ENVIRONMENT_TRUST): Command {
  const trusting = command
    .option("--trust <file>", trustIs)
    .option("--trust-store <dir>", "root certificates to trust instead of AWS Signer's");
  return withVerifierAccess(withProfileOptions(trusting)).option(
    "--timeout <seconds>",
    "how long each image may take",
    parseSeconds,
    30,
  );
}

/** The rights for what these options do. */
export const JUDGING_RIGHTS = `ecs:DescribeServiceRevisions and ecs:DescribeTaskDefinition; to judge images, what \`verify\` needs: the reading of their
repositories, signer:GetRevocationStatus, and dynamodb:Query and kms:Decrypt for the orders of the moment`;

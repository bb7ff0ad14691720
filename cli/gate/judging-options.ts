import type { Command } from "commander";
import { type VerifierAccess, withVerifierAccess } from "../images/image-access";
import { parseSeconds } from "../lib/option-values";
import { TRUST_FILE, type TrustOptions, withProfileOptions } from "../trust/options";

/** How the images of services are judged on this machine. */
export interface JudgingOptions extends VerifierAccess, Pick<TrustOptions, "signingProfile" | "stackProfile"> {
  readonly trust?: string;
  readonly trustStore?: string;
  /** In seconds. */
  readonly timeout: number;
}

const TRUST = ["--trust <file>", `what the environment trusts: ${TRUST_FILE}`] as const;

/** Adds the options of {@link JudgingOptions}; `--trust` must be given. */
export function withJudgingOptions(command: Command): Command {
  return withOtherOptions(command.requiredOption(...TRUST));
}

/** The same for a command that judges only if it is told to. */
export function withOptionalJudging(command: Command): Command {
  return withOtherOptions(command.option(...TRUST));
}

function withOtherOptions(command: Command): Command {
  const trusting = command.option("--trust-store <dir>", "root certificates to trust instead of AWS Signer's");
  return withVerifierAccess(withProfileOptions(trusting)).option(
    "--timeout <seconds>",
    "how long each image may take",
    parseSeconds,
    30,
  );
}

/** The rights for what these options do. */
export const JUDGING_RIGHTS = `ecs:ListServiceDeployments, ecs:DescribeServiceRevisions and
ecs:DescribeTaskDefinition; to judge images, what \`verify\` needs: the reading of their repositories,
signer:GetRevocationStatus, and dynamodb:Query and kms:Decrypt for the orders of the moment`;

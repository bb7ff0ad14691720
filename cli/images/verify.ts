import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseSeconds } from "../lib/option-values";
import { TRUST_FILE, withTrustOptions } from "../trust/options";
import { withImageAccess } from "./image-access";

const HELP: Help = {
  notes: `The trust document is YAML or JSON:
  registries: [self, public.ecr.aws]
  statements:
    - name: release
      repositories: ["*"]
      identities:
        - arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release

The login of a registry is, in this order: that of --username; for ECR a token by the usual AWS chain, else the secret that
the trust document names for it, read by the same chain; else that of \`docker login\`, if the trust document lists the
registry; else none. A login goes to the registry, and to the token server that the trust document or --token-server names.

With --stack or --outputs, the orders of the moment of that environment (blocks and exemptions) are obeyed as well. If they
cannot be read, the command says so and judges without them. The role needs dynamodb:Query and kms:Decrypt.`,
  examples: [
    "ecs-image-verification verify 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --trust trust.yaml",
    "ecs-image-verification verify registry.example.com/app:v1 --trust trust.yaml --username ci < password.txt",
    "ecs-image-verification verify 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --trust Pulumi.prod.yaml --account 111122223333 --signing-profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
    "ecs-image-verification verify 127.0.0.1:5000/app@sha256:<digest> --trust trust.yaml --outputs outputs.json --plain-http --json",
  ],
  exitCodes: [
    "0 all images are trusted or exempt",
    "1 any image is denied",
    "2 no image is denied, but any is inconclusive",
    "64 the call, one of its references, the trust document or the trust store cannot be used; nothing was verified",
  ],
};

/** `verify`: the verdict on images, from the command line. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Give the verdict on images, as the launch detector would.")
    .argument("<reference...>", "images: registry/repository with a tag or, better, a digest")
    .requiredOption("--trust <file>", TRUST_FILE)
    .option("--trust-store <dir>", "root certificates to trust instead of AWS Signer's");
  withDeployedOptions(withTrustOptions(withImageAccess(command)))
    .option("--timeout <seconds>", "how long each image may take", parseSeconds, 30)
    .option("--json", "print one JSON verdict per line")
    .action(lazily(() => (require("./verify-action") as typeof import("./verify-action")).verify));
  return withHelp(command, HELP);
}

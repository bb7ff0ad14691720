import { Command } from "commander";
import { withDeployedOptions } from "../environments/deployed-options";
import { withJudgingOptions } from "../gate/judging-options";
import { type Help, withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { TRUST_FILE, withPlaceOptions } from "../trust/options";
import { withLogin } from "./image-access";

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

--stack and --outputs say all that is needed: account, region, signing profile, and the trust document (with --stack that of
its file, with --outputs the one that is deployed). The orders of the moment of that environment (blocks and exemptions) are
obeyed as well. If they cannot be read, the command says so: what is denied stays denied, and what would be trusted is
inconclusive. The role needs dynamodb:Query and kms:Decrypt.

Without them, \`self\` as a registry is the account of your AWS credentials, unless the stack's file or --account says which.

What the name alone decides (the registry is not listed, no statement covers the repository, the image is exempt) needs
neither the AWS Signer plugin nor the network, but for the orders.`,
  examples: [
    "ecs-image-verification verify 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --trust trust.yaml",
    "ecs-image-verification verify registry.example.com/app:v1 --trust trust.yaml --username ci < password.txt",
    "ecs-image-verification verify 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --stack prod",
    "ecs-image-verification verify 127.0.0.1:5000/app@sha256:<digest> --outputs outputs.json --plain-http --json",
  ],
  exitCodes: [
    "0 all images are trusted or exempt",
    "1 any image is denied",
    "2 no image is denied, but any is inconclusive",
    "64 the call, one of its references, the trust document, the trust store or the plugin cannot be used; nothing was verified",
  ],
};

/** `verify`: the verdict on images, from the command line. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Give the verdict on images, as the launch detector would.")
    .argument("<reference...>", "images: registry/repository with a tag or, better, a digest");
  withJudgingOptions(
    command,
    `${TRUST_FILE} (default: the file of the stack of --stack; with --outputs, what is deployed)`,
  );
  withDeployedOptions(
    withPlaceOptions(withLogin(command), " (default: that of the environment, else of your AWS credentials)"),
  )
    .option("--json", "print one JSON verdict per line")
    .action(lazily(() => (require("./verify-action") as typeof import("./verify-action")).verify));
  return withHelp(command, HELP);
}

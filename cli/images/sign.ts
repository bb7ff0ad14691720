import { Command } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { TRUST_FILE, withTrustOptions } from "../trust/options";
import { withImageAccess } from "./image-access";

/** `sign`: a signature by AWS Signer for one image. */
export function signCommand(): Command {
  const command = new Command("sign")
    .description("Sign an image with a signing profile of AWS Signer.")
    .argument("<image>", "registry/repository@digest")
    .requiredOption("--profile <arn>", "ARN of the signing profile; its newest version signs, in its region")
    .option("--resolve-tag", "allow a tag: the image that it points to now is signed")
    .option("--skip-if-signed", "sign only if the image has no valid signature of this profile yet")
    .option("--trust <file>", `say what it makes of the image then, and who has not signed yet: ${TRUST_FILE}`)
    .option(
      "--trust-store <dir>",
      "with --trust or --skip-if-signed: root certificates to trust instead of AWS Signer's",
    );
  return withHelp(
    withTrustOptions(withImageAccess(command))
      .option("--json", "print one JSON document")
      .action(lazily(() => (require("./sign-action") as typeof import("./sign-action")).sign)),
    {
      notes: `A signature is for a digest. A tag can move between your look at it and the signing, so it is refused without
--resolve-tag. The signature is stored in the image's repository.

Each call adds a signature, and only 50 of an image are tried. With --skip-if-signed, a job that runs again adds none: a
signature by any version of the profile is enough that is intact, for this image, made by AWS Signer, not expired, and not
revoked. If AWS Signer does not say whether it is revoked, it counts, and the command says so.

Credentials for AWS Signer and ECR come from the usual AWS chain: the role needs signer:SignPayload on the profile, and
push and pull on the repository. Other registries are asked with the login of --username, else with that of
\`docker login\`, else anonymously.`,
      examples: [
        "ecs-image-verification sign 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/approval --trust trust.yaml",
        "ecs-image-verification sign 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
        "ecs-image-verification sign 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release --skip-if-signed --json",
        "ecs-image-verification sign registry.example.com/app:v1 --resolve-tag --profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release --username ci --json < password.txt",
      ],
      exitCodes: [
        "0 signed, or already signed with --skip-if-signed, whatever --trust makes of it",
        "2 not signed: AWS Signer or the registry refused, or did not answer",
        "64 the image is given by a tag only, or the call cannot be used; nothing was signed",
      ],
    },
  );
}

import { Command } from "commander";
import { type Identity, IdentityInvalidError, parseIdentity } from "../../trust/identity";
import { formatReference, type ImageReference, repositoryName } from "../../trust/reference";
import { CommandFailedError, UsageError } from "../lib/errors";
import { withHelp } from "../lib/help";
import { describeFault } from "./command-fault";
import { builtVerifier, type ImageAccess, withImageAccess } from "./image-access";
import { credentialsFor, parseImage } from "./image-argument";
import { accessFlags, runNotation } from "./notation-command";
import { findSignerPlugin } from "./signer-plugin";
import { signedJson, signedText, signingAnswer } from "./signing-answer";

interface SignOptions extends ImageAccess {
  readonly profile: string;
  readonly resolveTag?: true;
  readonly json?: true;
}

/** `sign`: a signature by AWS Signer for one image. */
export function signCommand(): Command {
  const command = new Command("sign")
    .description("Sign an image with a signing profile of AWS Signer.")
    .argument("<image>", "registry/repository@digest")
    .requiredOption("--profile <arn>", "ARN of the signing profile; its newest version signs, in its region")
    .option("--resolve-tag", "allow a tag: the image that it stands for now is signed");
  return withHelp(withImageAccess(command).option("--json", "print one JSON document").action(sign), {
    notes: `A signature is for a digest. A tag can move between your look at it and the signing, so it is refused without
--resolve-tag. The signature is stored in the image's repository.

Credentials for AWS Signer and ECR come from the usual AWS chain: the role needs signer:SignPayload on the profile, and
push and pull on the repository. Other registries are asked anonymously, or with --username.`,
    examples: [
      "ecs-image-verification sign 111122223333.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:<digest> --profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release",
      "ecs-image-verification sign registry.example.com/app:v1 --resolve-tag --profile arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release --username ci --json < password.txt",
    ],
    exitCodes: [
      "0 signed",
      "2 not signed: AWS Signer or the registry said no, or did not answer",
      "64 the image is given by a tag only, or the call cannot be used; nothing was signed",
    ],
  });
}

async function sign(image: string, options: SignOptions): Promise<void> {
  const { username, signerEndpoint, resolveTag } = options;
  const profile = parseProfile(options.profile);
  const { reference, tag } = imageToSign(parseImage(image), resolveTag === true);
  const plugin = options.plugin ?? findSignerPlugin(process.env);
  const credentials = await credentialsFor(parseImage(reference).registry, username);
  const flags = accessFlags({ plugin, signerEndpoint, plainHttp: options.plainHttp === true });
  const answer = signingAnswer.parse(
    await runNotation({
      executable: await builtVerifier(),
      args: ["sign", "--profile", profile.arn, ...flags],
      reference,
      credentials,
      // The plugin does not take the region from the profile's ARN.
      region: profile.region,
    }),
  );
  if ("error" in answer) {
    throw new CommandFailedError(
      `${reference} has no new signature. ${describeFault(answer.error, { profile: profile.arn })}`,
    );
  }
  if (tag !== undefined) process.stderr.write(`The tag ${tag} stands for ${answer.digest}; that is what was signed.\n`);
  process.stdout.write(`${options.json ? signedJson(answer, tag) : signedText(answer)}\n`);
}

function parseProfile(text: string): Identity {
  try {
    const profile = parseIdentity(text);
    if (profile.kind !== "profile-version") return profile;
    throw new UsageError(
      `--profile ${text} is one version of a profile. AWS Signer always signs with the newest: end the ARN with "/signing-profiles/${profile.name}".`,
    );
  } catch (error) {
    if (error instanceof IdentityInvalidError) throw new UsageError(`--profile: ${error.message}`);
    throw error;
  }
}

/** What is signed, and the tag if it must be resolved for that. */
function imageToSign(
  image: ImageReference,
  resolveTag: boolean,
): { readonly reference: string; readonly tag: string | undefined } {
  const { digest, tag } = image;
  const name = repositoryName(image);
  // With both, the digest decides what is pulled; the tag is not looked at.
  if (digest !== undefined) return { reference: `${name}@${digest}`, tag: undefined };
  if (resolveTag) return { reference: formatReference(image), tag };
  throw new UsageError(
    `${formatReference(image)} is a tag, and a tag can move: sign ${name}@sha256:<digest>, or add --resolve-tag to sign what the tag stands for now. Nothing was signed.`,
  );
}

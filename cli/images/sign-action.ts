import { type Identity, IdentityInvalidError, readIdentity } from "../../trust/identity";
import { formatReference, type ImageReference, parseReference, repositoryName } from "../../trust/reference";
import { accessFlags, runNotation } from "../../verifier/src/notation/command";
import { operatorEnvironment } from "../../verifier/src/notation/environment";
import { signingAnswerSchema } from "../../verifier/src/notation/sign-protocol";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { CommandFailedError, UsageError } from "../lib/errors";
import { checkPlaygroundRegistries } from "../playground/in-force";
import { builtVerifier } from "./built-verifier";
import { describeFault } from "./command-fault";
import { credentialsFor } from "./image-credentials";
import { signedJson, signedText } from "./signed-output";
import { findSignerPlugin } from "./signer-plugin";
import { type SignedTrustOptions, trustForSigned, verifySigned } from "./verify-signed";

/** The options of `sign`. */
export interface SignOptions extends SignedTrustOptions {
  readonly profile: string;
  readonly resolveTag?: true;
  readonly json?: true;
}

/** Signs one image and prints the result. */
export async function sign(image: string, options: SignOptions): Promise<void> {
  const { signerEndpoint, resolveTag } = options;
  const { reference, tag } = imageToSign(parseReference(image), resolveTag === true);
  const profile = parseProfile(options.profile);
  const { registry, repository } = parseReference(reference);
  checkPlaygroundRegistries([registry]);
  const trust = await trustForSigned(options);
  const plugin = findSignerPlugin(options.plugin, process.env);
  const credentials = await credentialsFor(registry, options);
  const flags = accessFlags({ plugin, signerEndpoint, plainHttp: options.plainHttp === true });
  const command = {
    executable: await builtVerifier(),
    args: ["sign", "--profile", profile.arn, ...flags],
    reference,
    credentials,
    // The plugin does not take the region from the profile's ARN.
    environment: operatorEnvironment(process.env, profile.region),
  };
  const answer = await runNotation(command, signingAnswerSchema);
  if ("error" in answer) {
    throw new CommandFailedError(
      `${reference} has no new signature. ${describeFault(answer.error, { profile: profile.arn })}`,
    );
  }
  if (tag !== undefined) process.stderr.write(`The tag ${tag} points to ${answer.digest}; that is what was signed.\n`);
  const signed = formatReference({ registry, repository, digest: answer.digest });
  let verdict: Verdict | undefined;
  try {
    verdict = trust && (await verifySigned({ reference: signed, registry, plugin, credentials }, trust, options));
  } finally {
    // The signature is pushed, even if there is no verdict on it.
    process.stdout.write(`${options.json ? signedJson(answer, tag, verdict) : signedText(answer, verdict)}\n`);
  }
}

function parseProfile(text: string): Identity {
  const profile = readIdentity(text);
  if (profile instanceof IdentityInvalidError) throw new UsageError(`--profile: ${profile.message}`);
  if (profile.kind !== "profile-version") return profile;
  throw new UsageError(
    `--profile ${text} is one version of a profile. AWS Signer always signs with the newest: end the ARN with "/signing-profiles/${profile.name}".`,
  );
}

/** The image to sign, and its tag if the tag must be resolved first. */
function imageToSign(
  image: ImageReference,
  resolveTag: boolean,
): { readonly reference: string; readonly tag: string | undefined } {
  const { digest, tag } = image;
  const name = repositoryName(image);
  // If both are given, the digest decides what is pulled and the tag is ignored.
  if (digest !== undefined) return { reference: `${name}@${digest}`, tag: undefined };
  if (resolveTag) return { reference: formatReference(image), tag };
  throw new UsageError(
    `${formatReference(image)} is a tag, and a tag can move: sign ${name}@sha256:<digest>, or add --resolve-tag to sign what the tag points to now. Nothing was signed.`,
  );
}

import { type Identity, IdentityInvalidError, readIdentity } from "../../trust/identity";
import { formatReference, type ImageReference, parseReference, repositoryName } from "../../trust/reference";
import type { Signed } from "../../verifier/src/notation/sign-protocol";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { CommandFailedError, UsageError } from "../lib/errors";
import { whileWaiting } from "../lib/spinner";
import { checkPlaygroundRegistries } from "../playground/in-force";
import { askForSignature } from "./ask-for-signature";
import { builtVerifier } from "./built-verifier";
import { describeFault } from "./command-fault";
import { credentialsFor } from "./image-credentials";
import { allAwsRoots } from "./read-signatures";
import { signedJson, signedText } from "./signed-output";
import { findSignerPlugin } from "./signer-plugin";
import { chooseRoots } from "./trust-store";
import { type SignedTrustOptions, trustForSigned, verifySigned } from "./verify-signed";

/** The options of `sign`. */
export interface SignOptions extends SignedTrustOptions {
  readonly profile: string;
  readonly resolveTag?: true;
  readonly skipIfSigned?: true;
  readonly json?: true;
}

/** Signs one image and prints the result. */
export async function sign(image: string, options: SignOptions): Promise<void> {
  const { reference, tag } = imageToSign(parseReference(image), options.resolveTag === true);
  const profile = parseProfile(options.profile);
  if (options.trustStore !== undefined && options.trust === undefined && !options.skipIfSigned) {
    throw new UsageError("--trust-store is for --trust and --skip-if-signed: without them, nothing is checked.");
  }
  const { registry, repository } = parseReference(reference);
  checkPlaygroundRegistries([registry]);
  const trust = await trustForSigned(options);
  const roots = options.skipIfSigned ? await chooseRoots(options.trustStore, allAwsRoots) : undefined;
  const plugin = findSignerPlugin(options.plugin, process.env);
  const credentials = await credentialsFor(registry, options);
  const executable = await builtVerifier();
  const job = { executable, reference, profile, plugin, credentials, roots };
  const answer = await whileWaiting(
    () => "signing the image",
    () => askForSignature(job, options),
  );
  if ("error" in answer) {
    throw new CommandFailedError(
      `${reference} has no new signature. ${describeFault(answer.error, { profile: profile.arn })}`,
    );
  }
  for (const note of notesOn(answer, tag)) process.stderr.write(`${note}\n`);
  const signed = formatReference({ registry, repository, digest: answer.digest });
  let verdict: Verdict | undefined;
  try {
    verdict = trust && (await verifySigned({ reference: signed, registry, plugin, credentials }, trust, options));
  } finally {
    // The signature is pushed, even if there is no verdict on it.
    process.stdout.write(`${options.json ? signedJson(answer, tag, verdict) : signedText(answer, verdict)}\n`);
  }
}

/** What people should know beside the signature. */
function notesOn({ digest, earlier }: Signed, tag: string | undefined): readonly string[] {
  const what = earlier === undefined ? "that is what was signed" : "that is signed already";
  const isOpen = earlier?.status === "unknown";
  return [
    ...(tag === undefined ? [] : [`The tag ${tag} points to ${digest}; ${what}.`]),
    ...(isOpen
      ? [`AWS Signer does not say whether this signature is revoked: ${earlier.detail ?? "no reason known"}.`]
      : []),
  ];
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

import { parseIdentity } from "../../../trust/identity";
import { quote } from "../../../trust/quote";
import type { Judgement } from "./judge-facts";
import type { ProfileSigning, SigningAnswer } from "./registry/managed-signing";

/**
 * Whether ECR's managed signing is complete with a profile that the statement lists: the signature may have been pushed
 * after the registry's list and before this answer.
 */
export function isSignedMeanwhile(answer: SigningAnswer, identities: readonly string[]): boolean {
  return listProfiles(answer).some(({ profile, status }) => status === "COMPLETE" && isListed(profile, identities));
}

/**
 * Judges an image for which the registry lists no signature: `signing-in-progress` if ECR's managed signing is in
 * progress with a profile that the statement lists. Otherwise the denial stays, and ECR's answer is added to the
 * explanation. A signature by another profile would be denied as well, and someone who can make the call to ECR fail
 * must not be able to turn a denial into an inconclusive verdict.
 */
export function judgeUnsigned(unsigned: Judgement, answer: SigningAnswer, identities: readonly string[]): Judgement {
  const working = listProfiles(answer).filter(
    ({ profile, status }) => status === "IN_PROGRESS" && isListed(profile, identities),
  );
  if (working.length > 0) {
    const names = working.map(({ profile }) => quote(profile)).join(", ");
    const detail = `the registry lists no signature of this image yet: ECR's managed signing is in progress with ${names} (retry when that has ended)`;
    return { ...unsigned, code: "signing-in-progress", detail };
  }
  const notes =
    "error" in answer
      ? [`the status of ECR's managed signing could not be read: ${quote(answer.error, 500)}`]
      : answer.profiles.map((one) => noteOn(one, isListed(one.profile, identities)));
  return { ...unsigned, detail: [unsigned.detail, ...notes].join("; ") };
}

function listProfiles(answer: SigningAnswer): readonly ProfileSigning[] {
  return "error" in answer ? [] : answer.profiles;
}

function noteOn({ profile, status, failure }: ProfileSigning, listed: boolean): string {
  const name = `${quote(profile)}${listed ? "" : ", which the statement does not list"}`;
  if (status === "COMPLETE") return `ECR's managed signing reports that it signed the image with ${name}`;
  if (status === "IN_PROGRESS") return `ECR's managed signing is in progress with ${name}`;
  if (status !== "FAILED") return `ECR's managed signing reports ${quote(status)} for ${name}`;
  return `ECR's managed signing failed with ${name}${failure === undefined ? "" : `: ${quote(failure, 300)}`}`;
}

/**
 * Whether the statement lists the profile, or a version of it: ECR names no version. The other kinds of identity are
 * aliases, and a signing rule names a profile (ECR API reference, `SigningRule`).
 */
function isListed(profile: string, identities: readonly string[]): boolean {
  return identities.some((identity) => {
    const { arn, version } = parseIdentity(identity);
    return profile === (version === undefined ? arn : arn.slice(0, -`/${version}`.length));
  });
}

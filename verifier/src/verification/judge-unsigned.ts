import { quote } from "../../../trust/quote";
import { isMetBy, listIdentities, type Signers, toSigner } from "../../../trust/signers";
import type { Judgement } from "./judge-facts";
import type { ProfileSigning, SigningAnswer } from "./registry/managed-signing";
import type { ReasonCode } from "./verdict";

/** Denials that ECR's managed signing may still turn into trust: it signs after the push. */
const UNSIGNED: ReadonlySet<ReasonCode> = new Set(["no-signature", "identity-not-trusted", "signers-missing"]);

/**
 * Whether ECR's managed signing is worth asking: signatures are missing, and none is revoked, because whoever revoked a
 * signature wants the image denied now.
 */
export function isUnsigned({ code }: Judgement, revoked: boolean): boolean {
  return UNSIGNED.has(code) && !revoked;
}

/**
 * Whether ECR's managed signing is complete with a profile that the statement still needs: the signature may have been
 * pushed after the registry's list and before this answer.
 */
export function isSignedMeanwhile(unsigned: Judgement, answer: SigningAnswer, signers: Signers): boolean {
  const counted = countedSigners(unsigned);
  return listProfiles(answer).some(
    ({ profile, status }) => status === "COMPLETE" && isListed(profile, signers) && !counted.has(profile),
  );
}

/**
 * Judges an image that lacks signatures: `signing-in-progress` if ECR's managed signing is in progress with the signing
 * profiles that the statement lacks. Otherwise the denial stays, and ECR's answer is added to the explanation. A signature
 * by another profile would be denied as well, and someone who can make the call to ECR fail must not be able to turn a
 * denial into an inconclusive verdict.
 */
export function judgeUnsigned(unsigned: Judgement, answer: SigningAnswer, signers: Signers): Judgement {
  const working = listProfiles(answer).filter(
    ({ profile, status }) => status === "IN_PROGRESS" && isListed(profile, signers),
  );
  const expected = new Set([...countedSigners(unsigned), ...working.map(({ profile }) => profile)]);
  if (working.length > 0 && isMetBy(signers, expected)) {
    const names = working.map(({ profile }) => quote(profile)).join(", ");
    const now =
      unsigned.code === "no-signature" ? "the registry lists no signature of this image yet" : unsigned.detail;
    const detail = `${now}: ECR's managed signing is in progress with ${names} (retry when that has ended)`;
    return { ...unsigned, code: "signing-in-progress", otherwise: unsigned.code, detail };
  }
  const notes =
    "error" in answer
      ? [`the status of ECR's managed signing could not be read: ${quote(answer.error, 500)}`]
      : answer.profiles.map((one) => noteOn(one, isListed(one.profile, signers)));
  return { ...unsigned, detail: [unsigned.detail, ...notes].join("; ") };
}

function listProfiles(answer: SigningAnswer): readonly ProfileSigning[] {
  return "error" in answer ? [] : answer.profiles;
}

function countedSigners({ counted = [] }: Judgement): ReadonlySet<string> {
  return new Set(counted.map(({ profileVersion = "" }) => toSigner(profileVersion)));
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
function isListed(profile: string, signers: Signers): boolean {
  return listIdentities(signers).some((identity) => toSigner(identity) === profile);
}

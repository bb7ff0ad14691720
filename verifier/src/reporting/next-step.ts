import type { ReasonCode } from "../verification/verdict";

/** What a person should do about a verdict other than trusted. */
export function nextStep(code: ReasonCode): string {
  return NEXT[code] ?? "Nothing.";
}

const NEXT: { readonly [C in ReasonCode]?: string } = {
  "no-signature": "Sign the image by its digest, then deploy again.",
  "identity-not-trusted": "Find out who owns the profile. Sign with a listed profile, or list this one.",
  "signature-expired": "Sign the image again, or rebuild it.",
  "signature-revoked": "Do not run this image. First find out why it was revoked.",
  "signature-invalid": "Treat it as an attack until proven otherwise. Find out who pushed this signature.",
  "untrusted-root": "AWS Signer of this partition did not sign it. Find out who pushed this signature.",
  "certificate-not-valid": "Sign the image again.",
  "signature-unsupported":
    "Sign with the signing profile itself, not with an alias, and with the plugin version of this verifier.",
  "signature-unreadable": "Sign the image again. Check whether a lifecycle rule deleted the signature.",
  "signature-too-old": "Rebuild the image and sign it again. Do not sign an old image again without a review.",
  "signers-missing": "Get the signatures of the missing signers, then deploy again.",
  "too-many-signatures": "Check who may push to the repository, and delete the invalid signatures.",
  "image-not-found": "Check whether the image was deleted, or is in another registry.",
  "digest-unreported": "Pin the image by digest in the task definition.",
  "registry-not-allowed": "Copy the image into a listed registry and sign it, or list this registry.",
  "no-applicable-statement": "Add a statement for this repository to the trust document.",
  "reference-invalid": "Fix the image reference in the task definition.",
  "registry-login-required": "Add credentials for the registry to the trust document, or make the repository public.",
  "repository-access-denied": "Ask the owner of the repository to allow our login to read it.",
  "digest-blocked":
    "Deploy another image. If the block is over: ecs-image-verification block end, by those who may give orders.",
  "registry-unavailable": "Check whether the verifier can reach the registry.",
  "registry-access-denied":
    "Check whether the registry's login is correct, and whether one of your policies denies the verifier's role access to the repository.",
  "signer-unavailable": "Check whether the verifier can reach AWS Signer.",
  "signer-access-denied":
    "Check whether the verifier's role allows signer:GetRevocationStatus on *, and whether a policy of the organization denies it.",
  "verifier-misconfigured": "Fix what the explanation names, and deploy the verifier again.",
  "deadline-exceeded": "Check the latency of the registry and of AWS Signer, or increase the time limit.",
  "verifier-failed": "Check the verifier's log.",
  "signing-in-progress": "Retry when ECR's managed signing of this image has ended.",
};

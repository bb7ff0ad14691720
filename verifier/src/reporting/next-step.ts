import type { ReasonCode } from "../verification/verdict";

/** What a person should do about a verdict that is not trusted. */
export function nextStep(code: ReasonCode): string {
  return NEXT[code] ?? "See docs/verdicts.md.";
}

const NEXT: { readonly [C in ReasonCode]?: string } = {
  "no-signature": "Sign the image by its digest, then deploy again.",
  "identity-not-trusted": "Find out whose profile it is. Sign with a listed profile, or list this one.",
  "signature-expired": "Sign the image again, or build it again.",
  "signature-revoked": "Find out why it was revoked before anything else. Do not run this image.",
  "signature-invalid": "Treat it as an attack until shown otherwise: who pushed this signature?",
  "untrusted-root": "It was not signed by AWS Signer of this partition. Who pushed this signature?",
  "certificate-not-valid": "Sign the image again.",
  "signature-unsupported":
    "Sign with the signing profile itself, not through an alias, and with the plugin that this verifier has.",
  "signature-unreadable": "Sign the image again; look for a lifecycle rule that took the signature away.",
  "too-many-signatures": "See who may push to the repository, and remove the junk signatures.",
  "image-not-found": "Was the image deleted, or is the registry another one?",
  "digest-unreported": "Pin the image by digest in the task definition.",
  "registry-not-allowed": "Copy the image into a listed registry and sign it, or list this registry.",
  "no-applicable-statement": "Add a statement for this repository to the trust document.",
  "reference-invalid": "Correct the image reference in the task definition.",
  "registry-login-required": "Give the registry credentials in the trust document, or make the repository public.",
  "repository-access-denied": "Have the owner of the repository allow our login to read it.",
  "registry-unavailable": "See whether the registry is reachable from the verifier.",
  "registry-access-denied":
    "See whether the registry's login is right, and whether a policy of ours keeps the verifier's role from the repository.",
  "signer-unavailable": "See whether AWS Signer is reachable from the verifier.",
  "signer-access-denied":
    "See whether the verifier's role allows signer:GetRevocationStatus on *, and which policy of the organisation denies it.",
  "verifier-misconfigured": "Correct what the explanation names, and deploy the verifier again.",
  "deadline-exceeded": "See the latency of registry and Signer, or allow more time.",
  "verifier-failed": "See the verifier's log.",
  "signing-in-progress": "Try again when ECR's managed signing has ended for this image.",
};

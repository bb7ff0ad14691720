import type { Fault } from "../../verifier/src/notation/protocol";
import { isPlainHttpMissing, PLAIN_HTTP_ADVICE } from "./plain-http";

/** Context for the message of a fault. */
export interface FaultContext {
  /** The signing profile that should sign. */
  readonly profile?: string;
  /** The option that raises the command's time limit, if it has one. */
  readonly timeoutOption?: string;
}

/** One or two sentences on why an operation on an image failed: the request, the answer, and what to do. */
export function describeFault(fault: Fault, { profile, timeoutOption }: FaultContext): string {
  const asked = describeQuestion(fault);
  const answer = fault.detail.replace(/\.?\s*$/, ".");
  return [asked, mentionProfile(fault, profile), "failed:", answer, adviceOn(fault, timeoutOption)]
    .filter((part) => part !== "")
    .join(" ");
}

const QUESTIONS: Readonly<Record<string, string>> = {
  resolve: "Asking the registry for the image",
  list: "Asking the registry for the signatures",
  inspect: "Reading the signatures",
  sign: "Asking AWS Signer for a signature",
  push: "The signature was made, but storing it in the registry",
};

function describeQuestion({ stage, kind }: Fault): string {
  if (stage === "sign" && kind === "misconfigured") return "Running the AWS Signer plugin";
  return QUESTIONS[stage ?? ""] ?? "The work";
}

function mentionProfile({ stage }: Fault, profile: string | undefined): string {
  return stage === "sign" && profile !== undefined ? `with ${profile}` : "";
}

function adviceOn({ stage, kind, detail }: Fault, timeoutOption: string | undefined): string {
  if (isPlainHttpMissing({ detail })) return PLAIN_HTTP_ADVICE;
  if (kind === "deadline") {
    return timeoutOption === undefined ? "Try again." : `Try again, or allow more time with ${timeoutOption}.`;
  }
  if (kind === "unavailable") return "Try again in a minute.";
  if (stage === "sign") return SIGNER_ADVICE[kind] ?? "";
  return (stage === "push" ? PUSH_ADVICE : REGISTRY_ADVICE)[kind] ?? "";
}

const SIGNER_ADVICE: Readonly<Record<string, string>> = {
  "access-denied":
    "The AWS credentials must be valid and allow signer:SignPayload on this profile (`aws sts get-caller-identity` shows whose they are).",
  rejected:
    "The profile must exist, be active and be of the platform Notation-OCI-SHA384-ECDSA (`aws signer get-signing-profile` shows it).",
  misconfigured:
    "Check that --plugin or SIGNER_PLUGIN names the AWS Signer plugin, and AWS_PROFILE a profile that exists.",
};

const REGISTRY_ADVICE: Readonly<Record<string, string>> = {
  "access-denied":
    "Give credentials that may read it: for ECR the AWS user's (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer), else `docker login` or --username.",
  "not-found": "Push the image first, and check the repository and the digest.",
};

const PUSH_ADVICE: Readonly<Record<string, string>> = {
  "access-denied":
    "Give credentials that may push: for ECR ecr:PutImage, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:BatchCheckLayerAvailability, else `docker login` or --username.",
};

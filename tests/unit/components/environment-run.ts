import { ImageVerification } from "../../../components/image-verification";
import type { ImageVerificationArgs } from "../../../components/image-verification-args";
import { MACHINE } from "./machine";
import { ACCOUNT, REGION } from "./mock-state";
import { type RunOptions, runProgram } from "./run-program";
import { BEHAVIOUR, TRUST } from "./settings";

/** The arguments of an environment whose image is not built. */
export const ARGS: ImageVerificationArgs = {
  trust: TRUST,
  behaviour: BEHAVIOUR,
  verifier: { source: { context: "/checkout/verifier", contentHash: "c0ffee" } },
  machine: MACHINE,
};
/** ARN of the signing profile that it makes. */
export const PROFILE = `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/app_signing_profile`;

/** Runs a program that makes the environment `app`. */
export function run(changes: Partial<ImageVerificationArgs> = {}, options?: RunOptions) {
  return runProgram(() => {
    const { registry, logsQuery, sample } = new ImageVerification("app", { ...ARGS, ...changes });
    return { registry, logsQuery, repository: sample?.repositoryUrl ?? "none" };
  }, options);
}

/** The components of an environment without optional parts, in their order. */
export const COMPONENTS = [
  "ImageVerification",
  "SigningProfile",
  "VerifierImage",
  "VerdictLedger",
  "Orders",
  "Notifications",
  "VerifierFunction",
  "LaunchDetector",
  "OrderWatch",
  "DeploymentCheck",
  "Alarms",
  "Dashboard",
];

/** The components among resources, without the prefix of their types. */
export function componentsOf(resources: readonly { readonly type: string }[]): readonly string[] {
  const prefix = "ecs-image-verification:components:";
  return resources.flatMap(({ type }) => (type.startsWith(prefix) ? [type.slice(prefix.length)] : []));
}

import type { Policies } from "@pulumi/policy";
import { deploymentController } from "./deployment-controller";
import { digestPinned } from "./digest-pinned";
import { boundedExemptions } from "./exemptions";
import { imageVerified } from "./image-verified";
import { signedRepositories } from "./signed-repositories";
import { trustedIdentities } from "./trusted-identities";
import { trustedRegistries } from "./trusted-registries";
import { verificationHook } from "./verification-hook";
import { verifierComplete } from "./verifier-complete";
import { verifierResources } from "./verifier-resources";
import { verifierRole } from "./verifier-role";
import { verifyImage } from "./verify-image";
import { versionConsistency } from "./version-consistency";
import { visibleImages } from "./visible-images";

/** The policies of the pack, for one run. */
export function policies(): Policies {
  return [
    digestPinned(),
    trustedRegistries(),
    boundedExemptions(),
    ...imageVerified(verifyImage),
    versionConsistency(),
    visibleImages(),
    verificationHook(),
    deploymentController(),
    verifierResources(),
    verifierComplete(),
    verifierRole(),
    trustedIdentities(),
    signedRepositories(),
  ];
}

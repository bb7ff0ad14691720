import type { Policies } from "@pulumi/policy";
import { deploymentController } from "./policies/deployment-controller";
import { digestPinned } from "./policies/digest-pinned";
import { boundedExemptions } from "./policies/exemptions";
import { gateProtected } from "./policies/gate-protected";
import { imageVerified } from "./policies/image-verified";
import { signedRepositories } from "./policies/signed-repositories";
import { trustedIdentities } from "./policies/trusted-identities";
import { trustedRegistries } from "./policies/trusted-registries";
import { verificationHook } from "./policies/verification-hook";
import { verifierComplete } from "./policies/verifier-complete";
import { verifierResources } from "./policies/verifier-resources";
import { verifierRole } from "./policies/verifier-role";
import { versionConsistency } from "./policies/version-consistency";
import { visibleImages } from "./policies/visible-images";
import { verifyImage } from "./preview-verification";

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
    gateProtected(),
    verifierResources(),
    verifierComplete(),
    verifierRole(),
    trustedIdentities(),
    signedRepositories(),
  ];
}

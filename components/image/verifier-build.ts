import { notationTrustPolicy } from "../../trust/derive";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { Settings } from "../../verifier/src/baked-settings";
import { hashSettings } from "../../verifier/src/settings-hash";
import { writtenSettings } from "../../verifier/src/settings-version";

/** The architectures of Lambda functions, by Lambda's names. */
export type Architecture = "arm64" | "x86_64";

/** The label of the verifier's image with the hash of its settings. verifier/Dockerfile sets it. */
export const SETTINGS_LABEL = "ecs-image-verification.settings";

/** Base images instead of the Dockerfile's, to use a mirror or to pin digests. */
export interface BaseImages {
  readonly go?: string | undefined;
  readonly node?: string | undefined;
}

const PROCESSORS: Readonly<Record<Architecture, string>> = { arm64: "arm64", x86_64: "amd64" };

/** The architecture's name in an OCI image configuration. */
export function toProcessor(architecture: Architecture): string {
  return PROCESSORS[architecture];
}

/** The platform that an image is built for, as Docker names it. */
export function toPlatform(architecture: Architecture): string {
  return `linux/${toProcessor(architecture)}`;
}

/** The build arguments of verifier/on-base.Dockerfile. */
export function onBaseArguments(settings: Settings, baseImage: string): Record<string, string> {
  return { ...configurationArguments(settings), BASE_IMAGE: baseImage };
}

/** The build arguments of verifier/Dockerfile. */
export function buildArguments(settings: Settings, { go, node }: BaseImages = {}): Record<string, string> {
  return {
    ...configurationArguments(settings),
    PARTITION: settings.trust.partition,
    ...withoutUndefined({ GO_IMAGE: go, NODE_IMAGE: node }),
  };
}

function configurationArguments(settings: Settings) {
  return {
    TRUST_POLICY: JSON.stringify(notationTrustPolicy(settings.trust)),
    SETTINGS: JSON.stringify(writtenSettings(settings)),
    SETTINGS_HASH: hashSettings(settings),
  };
}

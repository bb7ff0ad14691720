import { getAuthorizationToken } from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import { parseEcrHost } from "../../trust/partition";
import { parseReference } from "../../trust/reference";
import type { Fault } from "../../trust/text/fixable-error";
import { withoutUndefined } from "../../trust/text/without-undefined";
import type { Settings } from "../../verifier/src/baked-settings";
import { hashSettings } from "../../verifier/src/settings-hash";
import { ComponentError } from "../program-error";
import { type ImageConfig, readImageConfig } from "./image-config";
import type { Architecture } from "./verifier-build";
import { SETTINGS_LABEL, toProcessor } from "./verifier-build";

/** The verifier's image was built elsewhere and cannot be used here. */
export class BuiltImageRefusedError extends ComponentError {
  override readonly name = "BuiltImageRefusedError";

  get fault(): Fault {
    return "input";
  }
}

/** A verifier's image that was built elsewhere, and the architecture that it must have. */
export interface BuiltImage {
  /** `registry/repository@digest`, in ECR. */
  readonly imageUri: string;
  readonly architecture: Architecture;
}

/**
 * The settings, once it is certain that the image was built from them: a resource that depends on them is not made for an
 * image with other settings. The registry is asked with the credentials of the AWS provider.
 *
 * @param parent The resource whose AWS provider is used.
 */
export function settingsOfImage(
  image: BuiltImage,
  settings: pulumi.Output<Settings>,
  parent: pulumi.Resource,
): pulumi.Output<Settings> {
  if (pulumi.runtime.isDryRun()) void warnUnlessKnown(settings, parent);
  return settings.apply(async (known) => {
    const problem = builtImageProblem(await readConfig(image, parent), known, image.architecture);
    if (problem !== undefined) throw new BuiltImageRefusedError(refusal(image.imageUri, problem));
    return known;
  });
}

/** Why an image cannot be the verifier for these settings, to complete a sentence; undefined if it can. */
export function builtImageProblem(
  { architecture, labels }: ImageConfig,
  settings: Settings,
  wanted: Architecture,
): string | undefined {
  const { [SETTINGS_LABEL]: label } = labels;
  const hash = hashSettings(settings);
  if (label === undefined) return `has no label ${SETTINGS_LABEL}: it is not an image of this verifier`;
  if (label !== hash) {
    return `was built from other settings: its label ${SETTINGS_LABEL} is ${label}, and the hash of this configuration is ${hash}`;
  }
  const processor = toProcessor(wanted);
  return architecture === processor
    ? undefined
    : `is for ${architecture}, but verifier.architecture is ${wanted}, which images call ${processor}`;
}

function refusal(imageUri: string, problem: string): string {
  const stack = pulumi.getStack();
  const repository = imageUri.replace(/@.*$/, "");
  return [
    `verifier.imageUri: ${imageUri} ${problem}.`,
    "Build it again, and put the printed digest into the configuration:",
    `  ecs-image-verification image build --stack ${stack} --repository ${repository} --push`,
  ].join("\n");
}

async function readConfig({ imageUri }: BuiltImage, parent: pulumi.Resource): Promise<ImageConfig> {
  const { registry, repository, digest = "" } = parseReference(imageUri);
  try {
    const account = parseEcrHost(registry)?.account;
    const token = await getAuthorizationToken(withoutUndefined({ registryId: account }), { parent });
    const credentials = { username: token.userName, password: token.password };
    // The same registry has several host names; this is the one that AWS returns. That it serves the image's configuration
    // is inferred (ecr-proxy-endpoint).
    return await readImageConfig({ url: token.proxyEndpoint, credentials, tokens: new Map() }, { repository, digest });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BuiltImageRefusedError({
      where: "verifier.imageUri",
      what: `the settings of ${imageUri} cannot be read, and an unchecked image is not deployed: ${reason}.`,
      fix: "The image must exist, and the AWS credentials must allow ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer.",
    });
  }
}

/** Before its first deployment a signing profile has no ARN, so settings that contain it have no hash. */
async function warnUnlessKnown(settings: pulumi.Output<Settings>, parent: pulumi.Resource): Promise<void> {
  // Pulumi's types do not declare `isKnown`.
  const { isKnown } = settings as pulumi.Output<Settings> & { readonly isKnown: Promise<boolean> };
  if (await isKnown) return;
  await pulumi.log.warn(
    "verifier.imageUri is not compared with the configuration in this preview: the signing profile has no ARN yet.",
    parent,
  );
}

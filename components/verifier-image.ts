import * as ecr from "@pulumi/aws/ecr";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { notationTrustPolicy } from "../trust/derive";
import type { Settings } from "../verifier/src/settings";
import { functionPullPolicy } from "./iam";
import { typeToken } from "./type-token";
import { imageTag, prepareVerifierSource, type VerifierSource } from "./verifier-source";

/** What a Lambda function can run on, by Lambda's names. */
export type Architecture = "arm64" | "x86_64";

const PLATFORMS: Readonly<Record<Architecture, string>> = { arm64: "linux/arm64", x86_64: "linux/amd64" };

export interface VerifierImageArgs {
  /** What is baked into the image: how the verifier behaves and whom it trusts. Nothing secret. */
  settings: pulumi.Input<Settings>;
  /** What the image is built for. Default: `arm64`, which costs less (AWS Lambda pricing). */
  architecture?: Architecture;
  /** Base images in place of the Dockerfile's, for a mirror or for digests. */
  baseImages?: { readonly go?: string | undefined; readonly node?: string | undefined };
  /** Lets `pulumi destroy` remove the repository with its images. Default: false. */
  forceDelete?: pulumi.Input<boolean>;
  /** What to build. Default: `verifier/` of this checkout, bundled and staged now. */
  source?: pulumi.Input<VerifierSource>;
}

/** Builds the verifier's image on this machine, with Docker, and pushes it to a repository of its own. */
export class VerifierImage extends pulumi.ComponentResource {
  /** The image by digest: what the function runs. */
  readonly imageUri: pulumi.Output<string>;
  readonly repositoryUrl: pulumi.Output<string>;

  constructor(name: string, args: VerifierImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("VerifierImage"), name, { ...args }, opts);
    const parent = { parent: this };
    const repository = new ecr.Repository(
      `${name}-repository`,
      {
        // The function runs by digest. ECR refuses a tag that is there in an immutable repository, even with the same
        // digest, so that whoever goes back to earlier settings could not push.
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        forceDelete: args.forceDelete ?? false,
      },
      parent,
    );
    new ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: repository.name, policy: JSON.stringify(LIFECYCLE) },
      parent,
    );
    const pulling = new ecr.RepositoryPolicy(
      `${name}-repository-policy`,
      {
        repository: repository.name,
        policy: repository.arn.apply((arn) => JSON.stringify(functionPullPolicy(arn))),
      },
      parent,
    );
    const platform = PLATFORMS[args.architecture ?? "arm64"];
    const source = pulumi.output(args.source ?? prepareVerifierSource());
    const buildArgs = pulumi.output(args.settings).apply((settings) => buildArguments(settings, args.baseImages));
    const tag = pulumi
      .all([source, buildArgs])
      .apply(([{ contentHash }, known]) => imageTag(contentHash, known, platform));
    const credentials = ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, parent);
    const image = new docker.Image(
      `${name}-image`,
      {
        imageName: pulumi.interpolate`${repository.repositoryUrl}:${tag}`,
        build: {
          context: source.context,
          dockerfile: source.apply(({ context }) => `${context}/Dockerfile`),
          // BuildKit by the engine's API: one platform, no provenance, as Lambda wants it (AWS Lambda, images-create).
          builderVersion: docker.BuilderVersion.BuilderBuildKit,
          platform,
          args: buildArgs,
        },
        buildOnPreview: false,
        registry: {
          server: repository.repositoryUrl,
          username: credentials.userName,
          password: pulumi.secret(credentials.password),
        },
      },
      // Whoever has the image's address may let a function run it.
      { parent: this, dependsOn: [pulling] },
    );
    this.imageUri = image.repoDigest;
    this.repositoryUrl = repository.repositoryUrl;
    this.registerOutputs({ imageUri: this.imageUri, repositoryUrl: this.repositoryUrl });
  }
}

/**
 * Keeps images without a tag by their number, whatever their age: one that has just lost its tag may be the one that the
 * function runs. Images with a tag stay. Which are the newest is inferred (untagged-images-counted).
 */
const LIFECYCLE = {
  rules: [
    {
      rulePriority: 1,
      description: "The newest 20 images without a tag",
      selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 20 },
      action: { type: "expire" },
    },
  ],
};

/** The arguments of verifier/Dockerfile. */
export function buildArguments(
  settings: Settings,
  { go, node }: { readonly go?: string | undefined; readonly node?: string | undefined } = {},
): Record<string, string> {
  return {
    TRUST_POLICY: JSON.stringify(notationTrustPolicy(settings.trust)),
    SETTINGS: JSON.stringify(settings),
    PARTITION: settings.trust.partition,
    ...(go === undefined ? {} : { GO_IMAGE: go }),
    ...(node === undefined ? {} : { NODE_IMAGE: node }),
  };
}

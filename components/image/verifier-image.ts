import * as ecr from "@pulumi/aws/ecr";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../verifier/src/settings";
import { functionPullPolicy } from "../aws/iam";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { typeToken } from "../type-token";
import { type Architecture, type BaseImages, buildArguments, toPlatform } from "./verifier-build";
import { imageTag, prepareVerifierSource, type VerifierSource } from "./verifier-source";

export interface VerifierImageChildren {
  readonly repository?: Child<ecr.RepositoryArgs>;
  /** How long images are kept. */
  readonly lifecycle?: Child<ecr.LifecyclePolicyArgs>;
  /** Lets Lambda pull. */
  readonly repositoryPolicy?: Child<ecr.RepositoryPolicyArgs>;
  /** What is built and pushed. */
  readonly image?: Child<docker.ImageArgs>;
}

export const VERIFIER_IMAGE_SENSITIVE: Sensitive<VerifierImageChildren> = {
  repository: [],
  lifecycle: ["policy", "repository"],
  repositoryPolicy: ["policy", "repository"],
  image: ["imageName", "build", "registry", "skipPush"],
};

export interface VerifierImageArgs {
  /** What is baked into the image: how the verifier behaves and whom it trusts. Nothing secret. */
  settings: pulumi.Input<Settings>;
  /** What the image is built for. Default: `arm64`, which costs less (AWS Lambda pricing). */
  architecture?: Architecture;
  /** Default: the Dockerfile's. */
  baseImages?: BaseImages;
  /** Lets `pulumi destroy` remove the repository with its images. Default: false. */
  forceDelete?: pulumi.Input<boolean>;
  /** What to build. Default: `verifier/` of this checkout, bundled and staged now. */
  source?: pulumi.Input<VerifierSource>;
  /** Changes to single resources that it makes: docs/components.md. */
  children?: VerifierImageChildren | undefined;
}

/** Builds the verifier's image on this machine, with Docker, and pushes it to a repository of its own. */
export class VerifierImage extends pulumi.ComponentResource {
  /** The image by digest: what the function runs. */
  readonly imageUri: pulumi.Output<string>;
  readonly repositoryUrl: pulumi.Output<string>;

  constructor(name: string, args: VerifierImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeToken("VerifierImage"), name, withoutChildren(args), opts);
    const child = prepareChildren(this, args.children, VERIFIER_IMAGE_SENSITIVE);
    const repository = new ecr.Repository(
      `${name}-repository`,
      ...child("repository", {
        // The function runs by digest. ECR refuses a tag that is there in an immutable repository, even with the same
        // digest, so that whoever goes back to earlier settings could not push.
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        forceDelete: args.forceDelete ?? false,
      }),
    );
    new ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      ...child("lifecycle", { repository: repository.name, policy: JSON.stringify(LIFECYCLE) }),
    );
    const pulling = new ecr.RepositoryPolicy(
      `${name}-repository-policy`,
      ...child("repositoryPolicy", {
        repository: repository.name,
        policy: repository.arn.apply((arn) => JSON.stringify(functionPullPolicy(arn))),
      }),
    );
    const platform = toPlatform(args.architecture ?? "arm64");
    const source = pulumi.output(args.source ?? prepareVerifierSource());
    const buildArgs = pulumi.output(args.settings).apply((settings) => buildArguments(settings, args.baseImages));
    const tag = pulumi
      .all([source, buildArgs])
      .apply(([{ contentHash }, known]) => imageTag(contentHash, known, platform));
    const credentials = ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent: this });
    const image = new docker.Image(
      `${name}-image`,
      ...child(
        "image",
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
        {
          // A principal that has the image's address can let a function run it.
          dependsOn: [pulling],
          // The provider removes nothing (pulumi-docker 4.11.2, `Delete` in provider/provider.go). Asked to, it would look for
          // an engine first, and `pulumi destroy` would need a running Docker.
          retainOnDelete: true,
        },
      ),
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

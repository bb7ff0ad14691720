import * as ecr from "@pulumi/aws/ecr";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../verifier/src/baked-settings";
import { functionPullPolicy } from "../aws/iam";
import { type Child, prepareChildren, type Sensitive, withoutChildren } from "../children";
import { typeToken } from "../type-token";
import { type Architecture, type BaseImages, buildArguments, onBaseArguments, toPlatform } from "./verifier-build";
import { imageTag, prepareOnBaseSource, prepareVerifierSource, type VerifierSource } from "./verifier-source";

export interface VerifierImageChildren {
  readonly repository?: Child<ecr.RepositoryArgs>;
  /** Which images are kept. */
  readonly lifecycle?: Child<ecr.LifecyclePolicyArgs>;
  /** Lets Lambda pull the image. */
  readonly repositoryPolicy?: Child<ecr.RepositoryPolicyArgs>;
  /** Builds and pushes the image. */
  readonly image?: Child<docker.ImageArgs>;
}

export const VERIFIER_IMAGE_SENSITIVE: Sensitive<VerifierImageChildren> = {
  repository: [],
  lifecycle: ["policy", "repository"],
  repositoryPolicy: ["policy", "repository"],
  image: ["imageName", "build", "registry", "skipPush"],
};

export interface VerifierImageArgs {
  /** The settings baked into the image: the verifier's behaviour and the trust document. They hold no secrets. */
  settings: pulumi.Input<Settings>;
  /** The architecture that the image is built for. Default: `arm64`, which costs less (AWS Lambda pricing). */
  architecture?: Architecture;
  /** Default: the Dockerfile's. */
  baseImages?: BaseImages;
  /** A base image that was built before, `REPOSITORY@sha256:...`: the settings are put on top. Default: all is built from its sources. */
  baseImage?: string | undefined;
  /** Lets `pulumi destroy` remove the repository with its images. Default: false. */
  forceDelete?: pulumi.Input<boolean>;
  /** What to build. Default: `verifier/` of this checkout, bundled and staged now; with a base image its Dockerfile only. */
  source?: pulumi.Input<VerifierSource>;
  /** Changes to single resources of this component: docs/components.md. */
  children?: VerifierImageChildren | undefined;
}

/** Builds the verifier's image on this machine, with Docker, and pushes it to its own repository. */
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
        // The function runs the image by digest, so tags may move. An immutable repository refuses an existing tag even
        // with the same digest: a return to earlier settings could not push.
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
    const { baseImage, baseImages } = args;
    const prepare = baseImage === undefined ? prepareVerifierSource : prepareOnBaseSource;
    const source = pulumi.output(args.source ?? prepare());
    const buildArgs = pulumi
      .output(args.settings)
      .apply((settings) =>
        baseImage === undefined ? buildArguments(settings, baseImages) : onBaseArguments(settings, baseImage),
      );
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
            // BuildKit through the engine's API gives one platform and no provenance, as Lambda needs (AWS Lambda,
            // images-create).
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
          // Once the image has an address, a function can be made from it: Lambda must be able to pull by then.
          dependsOn: [pulling],
          // The provider's `Delete` does nothing (pulumi-docker 4.11.2, provider/provider.go), but it looks for an engine
          // first, so `pulumi destroy` would need a running Docker.
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
 * Expires untagged images by number, not by age: an old image that has just lost its tag may be the one that the function
 * runs. Tagged images stay. Which images count as the newest is inferred (untagged-images-counted).
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

import { createHash } from "node:crypto";
import { isRecord, type Properties } from "./properties";
import type { ProviderPackage } from "./resource-provider";

/** What a `docker.Image` asks for. */
export interface ImageBuild {
  /** With its tag. */
  readonly imageName: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly platform?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly registry: Properties;
}

/**
 * The package `docker` with `docker.Image`. As in the real one a change updates the image in place, and another password
 * alone is no change.
 *
 * @param buildAndPush Gives the digest of the pushed image. Default: a digest of what was asked for, with nothing built.
 */
export function dockerPackage(
  buildAndPush: (build: ImageBuild) => Promise<string> = async (build) => digestOf(build),
): ProviderPackage {
  const image = async (inputs: Properties) => {
    const build = imageBuild(inputs);
    const repository = build.imageName.replace(/:[^:/]+$/, "");
    return { baseImageName: build.imageName, repoDigest: `${repository}@${await buildAndPush(build)}` };
  };
  return {
    name: "docker",
    version: "4.11.2",
    kinds: {
      "docker:index/image:Image": {
        computed: ["baseImageName", "context", "dockerfile", "registryServer", "repoDigest"],
        renewed: ["baseImageName", "repoDigest"],
        ignore: ["registry"],
        async create({ inputs }) {
          const { context, dockerfile, registry, imageName } = imageBuild(inputs);
          const described = { context, dockerfile, registryServer: registry.server ?? "" };
          return { id: imageName, properties: { ...described, ...(await image(inputs)) } };
        },
        update: ({ inputs }) => image(inputs),
      },
    },
  };
}

function imageBuild({ imageName, build, registry }: Properties): ImageBuild {
  const { context = ".", dockerfile = "Dockerfile", platform, args = {} } = isRecord(build) ? build : {};
  return {
    imageName: String(imageName),
    context: String(context),
    dockerfile: String(dockerfile),
    ...(typeof platform === "string" ? { platform } : {}),
    args: Object.fromEntries(Object.entries(isRecord(args) ? args : {}).map(([name, value]) => [name, String(value)])),
    registry: isRecord(registry) ? registry : {},
  };
}

function digestOf({ registry: _, ...build }: ImageBuild): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(build)).digest("hex")}`;
}

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { answersPing } from "./container-engine";
import { contextDigest } from "./context-digest";
import { hasUnknown, isRecord, type Properties } from "./properties";
import { pushed } from "./pushed-images";
import type { Resource } from "./resource-kind";
import type { ProviderPackage } from "./resource-provider";
import { noteImage } from "./running-functions";

/** What a `docker.Image` asks for. */
export interface ImageBuild {
  /** With its tag. */
  readonly imageName: string;
  /** Absolute. */
  readonly context: string;
  /** Absolute. */
  readonly dockerfile: string;
  /** Of the context: paths, modes and contents. */
  readonly contextDigest: string;
  readonly platform?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly registry: Properties;
}

/**
 * The package `docker` with `docker.Image`. As in the real one (pulumi-docker 4.11.2, provider/provider.go) paths are
 * relative to the program's folder, the digest of the context is an input, a change updates the image in place, and
 * another user or password of the registry is no change. It asks for the engine when it is configured, whatever is to be done
 * then, and removes nothing when an image is removed.
 *
 * @param buildAndPush Gives the digest of the pushed image. Default: a digest of what was asked for, with nothing built.
 */
export function dockerPackage(
  buildAndPush: (build: ImageBuild) => Promise<string> = async (build) => digestOf(build),
): ProviderPackage {
  const image = async (resource: Resource) => {
    const build = imageBuild(resource);
    const repository = build.imageName.replace(/:[^:/]+$/, "");
    pushed(build.imageName);
    const repoDigest = `${repository}@${await buildAndPush(build)}`;
    noteImage(repoDigest, build.args);
    return { baseImageName: build.imageName, repoDigest };
  };
  return {
    name: "docker",
    version: "4.11.2",
    async configure({ host }, { DOCKER_HOST }) {
      // Its words: `Configure` in provider/hybrid.go, `configureDockerClient` in provider/image.go. The user's own sockets,
      // which it tries where no host is given, are not played.
      if (await answersPing(String(host ?? DOCKER_HOST))) return;
      const cause = "failed to connect to any docker daemon";
      throw new Error(`docker native provider returned an unexpected error from Configure: ${cause}`);
    },
    kinds: {
      "docker:index/image:Image": {
        computed: ["baseImageName", "context", "dockerfile", "registryServer", "repoDigest"],
        renewed: ["baseImageName", "repoDigest"],
        ignore: ["registry.username", "registry.password"],
        check: (resource) => ({ build: checkedBuild(resource) }),
        async create(resource) {
          const { imageName, registry } = imageBuild(resource);
          const { context, dockerfile } = namedPlaces(resource.inputs);
          const described = { context, dockerfile, registryServer: registry.server ?? "" };
          return { id: imageName, properties: { ...described, ...(await image(resource)) } };
        },
        update: (resource) => image(resource),
      },
    },
  };
}

/** Where the context and the Dockerfile are, as the program names them. */
function namedPlaces({ build }: Properties): { readonly context: string; readonly dockerfile: string } {
  const { context = ".", dockerfile = "Dockerfile" } = isRecord(build) ? build : {};
  return { context: String(context), dockerfile: String(dockerfile) };
}

/** @throws Error in the words of the real one where there is no Dockerfile. */
function checkedBuild({ inputs, folder }: Resource): unknown {
  const { context, dockerfile } = namedPlaces(inputs);
  if (hasUnknown([context, dockerfile])) return inputs.build;
  const file = resolve(folder, dockerfile);
  if (!existsSync(file)) throw new Error(`could not open dockerfile at ${dockerfile} (in ${folder})`);
  const build = isRecord(inputs.build) ? inputs.build : {};
  return { ...build, contextDigest: contextDigest(resolve(folder, context), file) };
}

function imageBuild({ inputs: { imageName, build, registry }, folder }: Resource): ImageBuild {
  const { platform, args = {}, contextDigest: digest = "" } = isRecord(build) ? build : {};
  const { context, dockerfile } = namedPlaces({ build });
  return {
    imageName: String(imageName),
    context: resolve(folder, context),
    dockerfile: resolve(folder, dockerfile),
    contextDigest: String(digest),
    ...(typeof platform === "string" ? { platform } : {}),
    args: Object.fromEntries(Object.entries(isRecord(args) ? args : {}).map(([name, value]) => [name, String(value)])),
    registry: isRecord(registry) ? registry : {},
  };
}

/** Wherever it is built. */
function digestOf({ registry: _, context: __, dockerfile: ___, ...build }: ImageBuild): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(build)).digest("hex")}`;
}

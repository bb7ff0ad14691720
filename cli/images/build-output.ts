import type { BuildBase } from "./build-settings";

/** An image that was built. */
export interface BuiltImage {
  readonly stack: string;
  /** `repository:tag`. */
  readonly tag: string;
  readonly platform: string;
  /** The hash of its settings, as in the image's label. */
  readonly settings: string;
  /** Undefined if it was not pushed. */
  readonly digest: string | undefined;
  /** The base image that it was made on, if any. */
  readonly base: Pick<BuildBase, "image" | "isConfigured"> | undefined;
}

/** `repository@digest` of a pushed image. */
function toReference({ tag, digest }: BuiltImage): string | undefined {
  return digest === undefined ? undefined : `${tag.slice(0, tag.lastIndexOf(":"))}@${digest}`;
}

/** As one JSON document. `imageUri` is a value for verifier.imageUri. */
export function builtJson(built: BuiltImage): string {
  const { stack, tag, platform, settings, base } = built;
  const imageUri = toReference(built) ?? null;
  return JSON.stringify({ stack, imageUri, tag, platform, settings, baseImage: base?.image ?? null });
}

/** For people: how to use the image. */
export function builtText(built: BuiltImage): string {
  const { tag, platform, settings, base } = built;
  const reference = toReference(built);
  const lines = [
    `${reference === undefined ? "BUILT" : "PUSHED"} ${reference ?? tag}`,
    ...(reference === undefined ? [] : [`  tag       ${tag}`]),
    `  platform  ${platform}`,
    `  settings  ${settings}`,
    ...(base === undefined ? [] : [`  base      ${base.image}`]),
  ];
  const next =
    reference === undefined
      ? ["It is on this machine only: add --repository and --push to use it."]
      : nextSteps(built, reference);
  return [...lines, ...next].join("\n");
}

/** A stack has an image that was built elsewhere, or a base image to build one on. */
function nextSteps({ stack, base }: BuiltImage, reference: string): readonly string[] {
  const set = `  pulumi config set --stack ${stack} --path verifier.imageUri ${reference}`;
  if (!base?.isConfigured) return ["Put it into the stack's file:", set];
  return [
    "Put it into the stack's file, in place of the base image, which is named with --base-image from then on:",
    `  pulumi config rm --stack ${stack} --path verifier.baseImage`,
    set,
  ];
}

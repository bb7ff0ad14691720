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
}

/** `repository@digest` of a pushed image. */
function toReference({ tag, digest }: BuiltImage): string | undefined {
  return digest === undefined ? undefined : `${tag.slice(0, tag.lastIndexOf(":"))}@${digest}`;
}

/** As one JSON document. `imageUri` is a value for verifier.imageUri. */
export function builtJson(built: BuiltImage): string {
  const { stack, tag, platform, settings } = built;
  return JSON.stringify({ stack, imageUri: toReference(built) ?? null, tag, platform, settings });
}

/** For people: how to use the image. */
export function builtText(built: BuiltImage): string {
  const { stack, tag, platform, settings } = built;
  const reference = toReference(built);
  const lines = [
    `${reference === undefined ? "BUILT" : "PUSHED"} ${reference ?? tag}`,
    ...(reference === undefined ? [] : [`  tag       ${tag}`]),
    `  platform  ${platform}`,
    `  settings  ${settings}`,
  ];
  const next =
    reference === undefined
      ? ["It is on this machine only: add --repository and --push to use it."]
      : ["Put it into the stack's file:", `  pulumi config set --stack ${stack} --path verifier.imageUri ${reference}`];
  return [...lines, ...next].join("\n");
}

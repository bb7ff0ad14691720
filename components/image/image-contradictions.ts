import type { SettingProblem } from "../settings-error";
import { isImageByDigest } from "./image-by-digest";
import type { BaseImages } from "./verifier-build";

/** The settings that say where the verifier's image comes from. */
export interface ImageSettings {
  readonly imageUri?: string | undefined;
  readonly baseImage?: string | undefined;
  /** Only whether there is one. */
  readonly baseImageTrust?: unknown;
  readonly baseImages?: BaseImages | undefined;
}

/** The settings, where the problems of {@link imageContradictions} are. */
export type ImageSetting = "imageUri" | "baseImage" | "baseImageTrust" | "baseImages.go" | "baseImages.node";

export const BY_DIGEST = "REPOSITORY@sha256:<64 hexadecimal digits>, without a tag";

/** What is wrong with a base image, or contradicts it. */
export function imageContradictions({
  imageUri,
  baseImage,
  baseImageTrust,
  baseImages = {},
}: ImageSettings): readonly SettingProblem<ImageSetting>[] {
  if (baseImage === undefined) {
    return baseImageTrust === undefined || imageUri !== undefined ? [] : [TRUST_ALONE];
  }
  const compiled = [
    { setting: "baseImages.go", value: baseImages.go },
    { setting: "baseImages.node", value: baseImages.node },
  ] as const;
  return [
    ...(isImageByDigest(baseImage) ? [] : [{ ...NO_DIGEST, value: baseImage }]),
    ...(imageUri === undefined ? [] : [{ ...TWO_IMAGES, value: imageUri }]),
    ...compiled.filter(({ value }) => value !== undefined).map((one) => ({ ...one, ...FROM_SOURCES })),
  ];
}

const TRUST_ALONE: SettingProblem<ImageSetting> = {
  setting: "baseImageTrust",
  value: "a trust document",
  message: "does not fit the rest: there is no baseImage, so nothing would be verified",
  fix: "Set baseImage, or remove baseImageTrust.",
};

const NO_DIGEST = {
  setting: "baseImage",
  message: "is not an image by its digest, so another base could take its place unseen",
  allowed: BY_DIGEST,
  fix: "Write the digest that the release names for this tag.",
} as const;

const TWO_IMAGES = {
  setting: "imageUri",
  message: "contradicts baseImage: the one is an image that was built elsewhere, the other has one built now",
  fix: "Remove one of the two. To make images elsewhere on a base, leave baseImage out and call: image build --base-image.",
} as const;

const FROM_SOURCES = {
  message: "does not fit baseImage: it is for an image that is built from its sources",
  fix: "Remove it, or remove baseImage.",
} as const;

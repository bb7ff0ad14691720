import { quote } from "../../trust/quote";

/** The OCI tag schema's tag for the index of an image's signatures: `sha256-<digest>`. */
const indexTags = "sha256-";

/**
 * What is wrong with the tag settings of a repository with signed images.
 *
 * @param mutability As ECR names it; MUTABLE by default (Amazon ECR API, CreateRepository).
 * @param exclusions The filters of the tags to which it does not apply.
 * @param tagSchema Whether a second signature must be able to move the tag of the index.
 */
export function tagViolations(
  mutability: string | undefined,
  exclusions: readonly string[],
  tagSchema: boolean,
): readonly string[] {
  const allowed = tagSchema ? `IMMUTABLE_WITH_EXCLUSION with the filter "${indexTags}*"` : "IMMUTABLE";
  if (mutability !== "IMMUTABLE" && mutability !== "IMMUTABLE_WITH_EXCLUSION") {
    return [
      `imageTagMutability is ${quote(mutability ?? "MUTABLE")}: a tag can move to another image. Allowed: ${allowed}.`,
    ];
  }
  const active = mutability === "IMMUTABLE" ? [] : exclusions;
  const broad = active.filter((filter) => !filter.startsWith(indexTags));
  return [
    ...broad.map(
      (filter) => `The exclusion ${quote(filter)} lets tags of images move. Allowed: "${indexTags}*" alone.`,
    ),
    ...(!tagSchema || active.some((filter) => covers(filter))
      ? []
      : [
          `The tags of signatures cannot move, so an image cannot get a second signature with the tag schema. Allowed: ${allowed}.`,
        ]),
  ];
}

function covers(filter: string): boolean {
  return filter.endsWith("*") && indexTags.startsWith(filter.slice(0, -1));
}

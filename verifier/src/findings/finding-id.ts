import { createHash } from "node:crypto";
import { repositoryOf } from "../../../trust/reference";
import { clusterName, type FindingContext, type FindingPlace, workloadOf } from "./finding-facts";

/** The most characters of an id (API reference of Security Hub, AwsSecurityFinding). */
const ID_LIMIT = 512;

/**
 * The id of the finding about a place. It stays the same from task to task, from revision to revision, and for every
 * verdict on the image. Names are encoded, so that none of them can be read as two; the image is last, so its slashes stay.
 * An id that is too long ends in its hash.
 */
export function findingId({ environment, trust }: FindingContext, place: FindingPlace): string {
  const { account, region } = trust;
  const { kind, name } = workloadOf(place);
  const begin = ["ecs-image-verification", account, region, environment].join("/");
  const image = imageOf(place).split("/");
  const names = [clusterName(place), `${kind}:${name}`, place.container, ...image].map(encode).join("/");
  const id = `${begin}/${names}`;
  return id.length <= ID_LIMIT ? id : `${begin}/sha256:${hash(names)}`;
}

/**
 * What an id says of the image: its repository and digest, because the same digest may pass in one repository and be denied
 * in another. A hash of the reference stands for a repository that cannot be told, and for an image without a digest.
 */
export function imageOf({ digest, reference }: Pick<FindingPlace, "digest" | "reference">): string {
  const hashed = `reference:${hash(reference)}`;
  return digest === undefined ? hashed : `${repositoryOf(reference) ?? hashed}@${digest}`;
}

/** As in a URL, but for colon and at sign, which separate no names here. */
function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll("%3A", ":").replaceAll("%40", "@");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

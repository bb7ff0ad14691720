import { createHash } from "node:crypto";
import { clusterName, type FindingContext, type FindingPlace, workloadOf } from "./finding-facts";

/** The most characters of an id (API reference of Security Hub, AwsSecurityFinding). */
const ID_LIMIT = 512;

/**
 * The id of the finding about a place. It stays the same from task to task, from revision to revision, and for every
 * verdict on the image. Names are encoded, so that none of them can be read as two. An id that is too long ends in its hash.
 */
export function findingId({ environment, trust }: FindingContext, place: FindingPlace): string {
  const { account, region } = trust;
  const { kind, name } = workloadOf(place);
  const begin = ["ecs-image-verification", account, region, environment].join("/");
  const names = [clusterName(place), `${kind}:${name}`, place.container, imageOf(place)].map(encode).join("/");
  const id = `${begin}/${names}`;
  return id.length <= ID_LIMIT ? id : `${begin}/sha256:${hash(names)}`;
}

/** What an id says of the image: its digest; without one, a hash of the reference. */
export function imageOf({ digest, reference }: Pick<FindingPlace, "digest" | "reference">): string {
  return digest ?? `reference:${hash(reference)}`;
}

/** As in a URL, but for the colon, which separates nothing here. */
function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll("%3A", ":");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

import { isPast } from "./calendar-date";
import type { Exemption } from "./document";
import type { ResolvedTrustDocument } from "./expand";
import type { ImageReference } from "./reference";
import { repositoryName } from "./reference";
import { repositoryKey } from "./same-registry";

/**
 * The exemption that covers an image, if one is valid now, under any name of its registry. An exemption without a
 * digest covers every image of its repository. One with a digest covers exactly that digest, so a reference without a
 * digest does not match: pass the digest that ECS reports, because that image runs. Valid until the end of the day
 * `expires`, in UTC.
 */
export function findExemption(
  resolved: Pick<ResolvedTrustDocument, "exemptions">,
  reference: ImageReference,
  now: Date,
): Exemption | undefined {
  const repository = repositoryKey(repositoryName(reference));
  return resolved.exemptions.find(({ image, expires }) => {
    const [name = "", digest] = image.split("@");
    return (
      repositoryKey(name) === repository && (digest ?? reference.digest) === reference.digest && !isPast(expires, now)
    );
  });
}

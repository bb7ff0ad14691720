import { isPast } from "./calendar-date";
import type { Exemption } from "./document";
import type { ResolvedTrustDocument } from "./expand";
import type { ImageReference } from "./reference";
import { repositoryName } from "./reference";
import { repositoryKey } from "./same-registry";

/**
 * The exemption that covers an image, if there is one in force, under whatever name of its registry. An exemption without a digest covers every
 * image of its repository; one with a digest covers exactly that digest, so a reference without one does not
 * match: pass the digest that ECS reports, for that is what runs. In force through the whole day `expires`, UTC.
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

import { isPast } from "./calendar-date";
import type { Exemption } from "./document";
import type { ResolvedTrustDocument } from "./expand";
import type { ImageReference } from "./reference";
import { repositoryName } from "./reference";

/**
 * The exemption that covers an image, if there is one in force. An exemption without a digest covers every
 * image of its repository; one with a digest covers exactly that digest, so a reference without one does not
 * match: pass the digest that ECS reports, for that is what runs. In force through the whole day `expires`, UTC.
 */
export function findExemption(
  resolved: Pick<ResolvedTrustDocument, "exemptions">,
  reference: ImageReference,
  now: Date,
): Exemption | undefined {
  const repository = repositoryName(reference);
  const image = reference.digest === undefined ? repository : `${repository}@${reference.digest}`;
  return resolved.exemptions.find(
    (exemption) => (exemption.image === repository || exemption.image === image) && !isPast(exemption.expires, now),
  );
}

import { formatReference, ReferenceInvalidError, readReference, repositoryName } from "../../../trust/reference";
import type { Judge } from "../../../verifier/src/verification/judge";
import type { Subject } from "../../../verifier/src/verification/subject";
import type { Verdict } from "../../../verifier/src/verification/verdict";

/** A judge that judges each digest of a repository once, and each image without a digest. For one run of a command. */
export function judgeOnce(judge: Judge): Judge {
  const verdicts = new Map<string, Promise<Verdict>>();
  return async (subject) => {
    const image = identify(subject);
    if (image === undefined) return judge(subject);
    const earlier = verdicts.get(image.key);
    const verdict = earlier ?? judge(subject);
    verdicts.set(image.key, verdict);
    return earlier === undefined ? verdict : { ...(await verdict), reference: image.reference };
  };
}

/** Undefined for what has no image of its own. */
function identify(subject: Subject): { readonly key: string; readonly reference: string } | undefined {
  if (subject.kind !== "image" || subject.image === undefined || subject.oddDigest !== undefined) return undefined;
  const reference = readReference(subject.image);
  if (reference instanceof ReferenceInvalidError) return undefined;
  const { digest = reference.digest } = subject;
  const judged = digest === undefined ? reference : { ...reference, digest };
  const key = digest === undefined ? formatReference(judged) : `${repositoryName(reference)}@${digest}`;
  return { key, reference: formatReference(judged) };
}

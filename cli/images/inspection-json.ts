import type { Inspection } from "../../verifier/src/notation/inspect-protocol";

/** An inspection as one JSON document, for programs. */
export function inspectionJson({ reference, image, signatures, more, error }: Inspection): string {
  return JSON.stringify({
    reference,
    digest: image?.digest ?? null,
    mediaType: image?.mediaType ?? null,
    complete: !more && error === null,
    signatures: signatures.map(({ digest, unreadable, contents }) => ({
      digest,
      unreadable: unreadable?.detail ?? null,
      contents,
    })),
  });
}

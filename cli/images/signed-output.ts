import type { Signed } from "../../verifier/src/notation/sign-protocol";
import { signatureJson } from "./verdict-output";

/** A new signature as one JSON document. `tag` is the tag that was resolved. */
export function signedJson({ reference, digest, signature }: Signed, tag: string | undefined): string {
  return JSON.stringify({
    reference,
    digest,
    tag: tag ?? null,
    signature: signatureJson(signature),
  });
}

/** A new signature as a few lines of text for people. */
export function signedText({ reference, signature }: Signed): string {
  const rows: (readonly [string, string])[] = [
    ["signature", signature.digest],
    ["signed by", signature.profileVersion ?? "(unknown)"],
    ["job", signature.job ?? "(unknown)"],
    ["signed at", signature.signingTime ?? "(unknown)"],
    ["expires", signature.expiry ?? "never"],
  ];
  return [`SIGNED ${reference}`, ...rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}`)].join("\n");
}

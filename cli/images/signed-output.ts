import type { Signed } from "../../verifier/src/notation/sign-protocol";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { signatureJson, toVerdictJson, verdictText } from "./verdict-output";

/**
 * A new signature as one JSON document. `tag` is the tag that was resolved, `verdict` what the trust document makes of the
 * image now.
 */
export function signedJson(
  { reference, digest, signature }: Signed,
  tag: string | undefined,
  verdict: Verdict | undefined,
): string {
  return JSON.stringify({
    reference,
    digest,
    tag: tag ?? null,
    signature: signatureJson(signature),
    verdict: verdict === undefined ? null : toVerdictJson(reference, verdict),
  });
}

/** A new signature as a few lines of text for people. */
export function signedText({ reference, signature }: Signed, verdict: Verdict | undefined): string {
  const rows: (readonly [string, string])[] = [
    ["signature", signature.digest],
    ["signed by", signature.profileVersion ?? "(unknown)"],
    ["job", signature.job ?? "(unknown)"],
    ["signed at", signature.signingTime ?? "(unknown)"],
    ["expires", signature.expiry ?? "never"],
  ];
  const signed = [`SIGNED ${reference}`, ...rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}`)].join("\n");
  return verdict === undefined ? signed : `${signed}\n\n${verdictText(reference, verdict)}`;
}

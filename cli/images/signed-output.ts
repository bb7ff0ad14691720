import type { Signed } from "../../verifier/src/notation/sign-protocol";
import type { Verdict } from "../../verifier/src/verification/verdict";
import { inStatusColour } from "../lib/status-colours";
import { imageLines } from "./image-lines";
import { signatureJson, toVerdictJson, verdictText } from "./verdict-output";

/**
 * A signature as one JSON document. `tag` is the tag that was resolved, `verdict` what the trust document makes of the
 * image now.
 */
export function signedJson(
  { reference, digest, signature, earlier }: Signed,
  tag: string | undefined,
  verdict: Verdict | undefined,
): string {
  return JSON.stringify({
    reference,
    digest,
    tag: tag ?? null,
    alreadySigned: earlier !== undefined,
    // Of an earlier signature: whether Signer has said that it is not revoked.
    revocation: earlier?.status ?? null,
    signature: signatureJson(signature),
    verdict: verdict === undefined ? null : toVerdictJson(reference, verdict),
  });
}

/** A signature as a few lines of text for people. */
export function signedText({ reference, signature, earlier }: Signed, verdict: Verdict | undefined): string {
  const rows: (readonly [string, string])[] = [
    ["signature", signature.digest],
    ["signed by", signature.profileVersion ?? "(unknown)"],
    ["job", signature.job ?? "(unknown)"],
    ["signed at", signature.signingTime ?? "(unknown)"],
    ["expires", signature.expiry ?? "never"],
  ];
  const word = inStatusColour("trusted", earlier === undefined ? "SIGNED" : "ALREADY SIGNED");
  const head = (image: string | undefined) => (image === undefined ? word : `${word} ${image}`);
  const signed = imageLines(head, reference, rows).join("\n");
  return verdict === undefined ? signed : `${signed}\n\n${verdictText(reference, verdict)}`;
}

import type { SignatureEvidence, Verdict } from "../../verifier/src/verification/verdict";

/** The known properties of a signature; unknown ones may be missing or undefined. */
type Evidence = Pick<SignatureEvidence, "digest"> & {
  readonly [Key in keyof Omit<SignatureEvidence, "digest">]: string | undefined;
};

/** A verdict as one line of JSON, for programs. Every key is present; unknown values are `null`. */
export function verdictJson(reference: string, verdict: Verdict): string {
  const { digest, status, code, detail, provisional, signature, milliseconds } = verdict;
  return JSON.stringify({
    reference,
    digest: digest ?? null,
    status,
    code,
    detail,
    provisional,
    signature: signature === undefined ? null : signatureJson(signature),
    milliseconds: Math.round(milliseconds),
  });
}

/** A signature for programs: every key is present. */
export function signatureJson({ digest, profileVersion, job, signingTime, expiry }: Evidence) {
  return {
    digest,
    profileVersion: profileVersion ?? null,
    job: job ?? null,
    signingTime: signingTime ?? null,
    expiry: expiry ?? null,
  };
}

/** A verdict as a few lines, for people. */
export function verdictText(reference: string, verdict: Verdict): string {
  const { status, code, detail, digest, provisional, signature, milliseconds } = verdict;
  const rows: (readonly [string, string | undefined])[] = [
    ["digest", digest],
    ["why", detail],
    ["signature", signature?.digest],
    ["signed by", signature?.profileVersion],
    ["job", signature?.job],
    ["signed at", signature?.signingTime],
    ["expires", signature?.expiry],
    ["provisional", provisional ? "judged through a tag, which can move; verify the digest instead" : undefined],
  ];
  const head = `${status.toUpperCase()} ${code}  ${reference}  (${Math.round(milliseconds)} ms)`;
  const known = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(11)} ${value}`]));
  return [head, ...known].join("\n");
}

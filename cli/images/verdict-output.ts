import { runbookOfCode } from "../../verifier/src/reporting/runbook";
import type { SignatureEvidence, Verdict } from "../../verifier/src/verification/verdict";
import { isBad } from "../../verifier/src/verification/verdict";

/** The known properties of a signature; unknown ones may be missing or undefined. */
type Evidence = Pick<SignatureEvidence, "digest"> & {
  readonly [Key in keyof Omit<SignatureEvidence, "digest">]: string | undefined;
};

/** A verdict as one line of JSON, for programs. Every key is present; unknown values are `null`. */
export function verdictJson(reference: string, verdict: Verdict): string {
  return JSON.stringify(toVerdictJson(reference, verdict));
}

/** The same as a value. */
export function toVerdictJson(reference: string, verdict: Verdict) {
  const { digest, status, code, detail, provisional, signature, counted = [], missing = [], milliseconds } = verdict;
  const { order, without } = verdict;
  return {
    reference,
    digest: digest ?? null,
    status,
    code,
    detail,
    provisional,
    signature: signature === undefined ? null : signatureJson(signature),
    signatures: counted.map(signatureJson),
    missing,
    order: order === undefined ? null : { ...order, until: order.until ?? null, owner: order.owner ?? null },
    without: without ?? null,
    milliseconds: Math.round(milliseconds),
  };
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

function signatureRows({ digest, profileVersion, job, signingTime, expiry }: Evidence) {
  return [
    ["signature", digest],
    ["signed by", profileVersion],
    ["job", job],
    ["signed at", signingTime],
    ["expires", expiry],
  ] as const;
}

/** A verdict as a few lines, for people. */
export function verdictText(reference: string, verdict: Verdict): string {
  const { status, code, detail, digest, provisional, signature, counted = [], missing = [], milliseconds } = verdict;
  const signatures = counted.length === 0 && signature !== undefined ? [signature] : counted;
  const rows: (readonly [string, string | undefined])[] = [
    ["digest", digest],
    ["why", detail],
    ...signatures.flatMap(signatureRows),
    ...missing.map((signers) => ["missing", signers] as const),
    ["provisional", provisional ? "judged through a tag, which can move; verify the digest instead" : undefined],
    ["runbook", isBad(status) ? runbookOfCode(code) : undefined],
  ];
  const head = `${status.toUpperCase()} ${code}  ${reference}  (${Math.round(milliseconds)} ms)`;
  const known = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(11)} ${value}`]));
  return [head, ...known].join("\n");
}

import type { RevocationTarget } from "./revocation-target";

/** A revocation, requested or done. */
export interface Revocation {
  readonly target: RevocationTarget;
  /** Signatures made after it are no longer trusted; for a profile version only. */
  readonly effectiveTime: Date | undefined;
  readonly reason: string;
}

/** The text to type, or to pass with `--confirm`, to confirm the revocation. */
export function expectedAnswer({ target }: Revocation): string {
  return target.kind === "job" ? target.jobId : target.name;
}

/** Explains what will happen, to the person who must confirm it. */
export function revocationQuestion(revocation: Revocation): string {
  const { target, effectiveTime } = revocation;
  const time = effectiveTime?.toISOString();
  // A revoked version no longer signs: inferred (revoked-version-signs-no-more) from the status that Signer gives it.
  const what =
    target.kind === "job"
      ? [
          `This revokes the one signature that signing job ${toName(revocation)} in ${target.region} has made.`,
          "An image that has no other valid signature is denied from then on.",
        ]
      : [
          `This revokes every signature that version ${target.version} of the signing profile ${target.name} (${target.arn}) made after ${time}, of all images, and the version can no longer sign.`,
          "Every image that has no other valid signature is denied from then on. The time can later be moved to an earlier one, never to a later one.",
        ];
  return [
    ...what,
    "It cannot be undone: to trust such an image again it must be signed again.",
    "Verifiers see it once their cached verdicts have expired, after 5 minutes by default (verdictTtlSeconds). It affects new launches; running tasks continue.",
  ].join("\n");
}

/** The revocation as one JSON document. */
export function revocationJson({ target, effectiveTime, reason }: Revocation): string {
  const job = target.kind === "job" ? target : undefined;
  const version = target.kind === "profile-version" ? target : undefined;
  return JSON.stringify({
    revoked: target.kind,
    region: target.region,
    jobId: job?.jobId ?? null,
    jobOwner: job?.owner ?? null,
    profileVersion: version?.arn ?? null,
    effectiveTime: effectiveTime?.toISOString() ?? null,
    reason,
  });
}

/** The revocation as a few lines of text for people. */
export function revocationText(revocation: Revocation): string {
  const { target, effectiveTime, reason } = revocation;
  const rows: (readonly [string, string | undefined])[] = [
    ["region", target.region],
    [
      "signatures",
      target.kind === "job" ? "the one that this job made" : `all made after ${effectiveTime?.toISOString()}`,
    ],
    ["reason", reason],
    ["acts", "on launches, once cached verdicts have expired (5 minutes by default)"],
  ];
  const head = `REVOKED ${target.kind === "job" ? "job" : "profile version"} ${toName(revocation)}`;
  return [head, ...rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}`)].join("\n");
}

function toName({ target }: Revocation): string {
  if (target.kind === "profile-version") return target.arn;
  return target.owner === undefined ? target.jobId : `${target.jobId} of account ${target.owner}`;
}

import type { ReasonCode } from "../verdict";
import type { VerdictRecord } from "./record";
import type { ResponseOutcome } from "./respond";

/** A message for people: a subject of at most 100 printable ASCII characters (SNS), and a text that fits a chat window. */
export interface Message {
  readonly subject: string;
  readonly text: string;
}

const DETAIL_SHOWN = 600;

/** Tells a person what was found: what, where, who signed, why, what was done, what to do next. */
export function messageOf(record: VerdictRecord): Message {
  const { status, code, container, environment } = record;
  const rows: readonly (readonly [string, string])[] = [
    ["Image", record.digest === undefined ? record.image || "none reported" : withDigest(record)],
    ["Where", whereOf(record)],
    ["Signed by", record.signature?.profileVersion ?? "nobody who is known"],
    ["Why", shorten(record.detail)],
    ...(record.tagMovedFrom === undefined ? [] : [["Note", `the tag had moved, from ${record.tagMovedFrom}`] as const]),
    ["Done", DONE[record.response]],
    ["Next", nextOf(code)],
    ["Task", record.task],
  ];
  return {
    subject: `${status.toUpperCase()} ${code}: ${container} in ${environment}`
      .replace(/[^\x20-\x7e]/g, "?")
      .slice(0, 100),
    text: [`${status.toUpperCase()}: ${code}`, ...rows.map(([name, value]) => `${name.padEnd(10)}${value}`)].join("\n"),
  };
}

function withDigest({ image, digest = "" }: VerdictRecord): string {
  return image.includes("@") ? image : `${image}@${digest}`;
}

function whereOf({ container, group, cluster, region, account, environment }: VerdictRecord): string {
  const clusterName = cluster.slice(cluster.lastIndexOf("/") + 1);
  const of = group === undefined ? "" : `, ${group.replace(":", " ")}`;
  return `container ${container}${of}, cluster ${clusterName}, ${region}, account ${account}, environment ${environment}`;
}

function shorten(text: string): string {
  return text.length > DETAIL_SHOWN ? `${text.slice(0, DETAIL_SHOWN)}...` : text;
}

const DONE: Readonly<Record<ResponseOutcome, string>> = {
  none: "Nothing.",
  audited: "Nothing: this environment audits.",
  stopped: "The task was stopped.",
  "rolled-back-and-stopped": "The service's deployment is being rolled back, and the task was stopped.",
  "already-stopped": "Nothing: the task had ended already.",
  "budget-used-up":
    "NOTHING: too many tasks were stopped in this cluster within ten minutes. The task goes on running.",
  "managed-daemon": "NOTHING: tasks of managed daemons are never stopped. The task goes on running.",
  "under-way": "The task is being stopped.",
  failed: "The task could NOT be stopped; it is tried again.",
};

function nextOf(code: ReasonCode): string {
  return NEXT[code] ?? "See docs/verdicts.md.";
}

const NEXT: { readonly [C in ReasonCode]?: string } = {
  "no-signature": "Sign the image by its digest, then deploy again.",
  "identity-not-trusted": "Find out whose profile it is. Sign with a listed profile, or list this one.",
  "signature-expired": "Sign the image again, or build it anew.",
  "signature-revoked": "Find out why it was revoked before anything else. Do not run this image.",
  "signature-invalid": "Treat it as an attack until shown otherwise: who pushed this signature?",
  "untrusted-root": "It was not signed by AWS Signer of this partition. Who pushed this signature?",
  "certificate-not-valid": "Sign the image again.",
  "signature-unsupported": "For signatures through a profile alias, a newer Signer plugin is needed.",
  "signature-unreadable": "Sign the image again; look for a lifecycle rule that took the signature away.",
  "too-many-signatures": "See who may push to the repository, and remove the junk signatures.",
  "image-not-found": "Was the image deleted, or is the registry another one?",
  "digest-unreported": "Pin the image by digest in the task definition.",
  "registry-not-allowed": "Copy the image into a listed registry and sign it, or list this registry.",
  "no-applicable-statement": "Add a statement for this repository to the trust document.",
  "reference-invalid": "Mend the image reference in the task definition.",
  "registry-unavailable": "See whether the registry is reachable from the verifier.",
  "registry-access-denied": "Give the verifier's role access to the repository.",
  "signer-unavailable": "See whether AWS Signer is reachable from the verifier.",
  "signer-access-denied": "Give the verifier's role signer:GetRevocationStatus.",
  "verifier-misconfigured": "Mend what the explanation names, and deploy the verifier again.",
  "deadline-exceeded": "See the latency of registry and Signer, or allow more time.",
  "verifier-failed": "See the verifier's log.",
};

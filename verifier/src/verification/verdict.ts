/** All statuses. */
export const STATUSES = ["trusted", "denied", "inconclusive", "exempt"] as const;

export type Status = (typeof STATUSES)[number];

/** Whether an image with this status is neither trusted nor exempt. */
export function isBad(status: Status): status is "denied" | "inconclusive" {
  return status === "denied" || status === "inconclusive";
}

/** The status of each reason code. The codes are a public interface: never rename one. */
const STATUS_OF_CODE = {
  /** One signature passed every check of level `strict`; where several signers are required, one of each. */
  "signature-valid": "trusted",

  /** The registry answered and lists no signature. */
  "no-signature": "denied",
  /** Signed by a profile that the statement does not list. */
  "identity-not-trusted": "denied",
  /** The signature has expired. */
  "signature-expired": "denied",
  /** Signer says that the signature, its profile or a certificate is revoked. */
  "signature-revoked": "denied",
  /** Tampered, made for another digest, malformed, broken chain, bad algorithm, or rejected by Signer as invalid. */
  "signature-invalid": "denied",
  /** The certificate chain does not end in the trust store. */
  "untrusted-root": "denied",
  /** The leaf certificate was not valid at signing time. */
  "certificate-not-valid": "denied",
  /** Requires another plugin, a newer plugin, or attributes that no component processes. */
  "signature-unsupported": "denied",
  /** Listed, but its manifest or blob is missing, too large or does not match its digest. */
  "signature-unreadable": "denied",
  /** Signed before the statement's `signedAfter`, or longer ago than its `maxAgeDays`. */
  "signature-too-old": "denied",
  /** Valid signatures exist, but not of all signers that the statement requires. */
  "signers-missing": "denied",
  /** The limit was reached without a valid signature. */
  "too-many-signatures": "denied",
  /** The registry has no such manifest. */
  "image-not-found": "denied",
  /** ECS reports no digest for a started container and its reference has none; or it reports an odd one. */
  "digest-unreported": "denied",
  /** The reference's registry is not in the trust document; decided without contacting it. */
  "registry-not-allowed": "denied",
  /** No statement of the trust document covers the repository. */
  "no-applicable-statement": "denied",
  /** The reference cannot be parsed, or there is none. */
  "reference-invalid": "denied",
  /** The registry wants a login, and the trust document has none for it. */
  "registry-login-required": "denied",
  /** The registry accepts our login, but this repository denies it access. */
  "repository-access-denied": "denied",
  /** An order of the moment blocks this digest, regardless of its signatures and exemptions. */
  "digest-blocked": "denied",

  /** Network, DNS, TLS, 429 or 5xx from the registry, after retries. */
  "registry-unavailable": "inconclusive",
  /** The registry refuses our login, or none could be read, or AWS names one of our policies. */
  "registry-access-denied": "inconclusive",
  /** The revocation status could not be read: network, DNS, 429, 5xx. */
  "signer-unavailable": "inconclusive",
  /** 403 from Signer, or no AWS credentials. */
  "signer-access-denied": "inconclusive",
  /** Trust policy, trust store or plugin is missing or unusable. */
  "verifier-misconfigured": "inconclusive",
  /** Our own deadline passed while waiting for a single response. */
  "deadline-exceeded": "inconclusive",
  /** Our own process crashed or could not get information that it needed. */
  "verifier-failed": "inconclusive",
  /**
   * Signatures are missing, and ECR's managed signing reports that it is in progress for this digest with a listed profile.
   * For a launch it becomes a denial, most often `no-signature`, when the time limit is reached.
   */
  "signing-in-progress": "inconclusive",

  /** A valid exemption matches: of the trust document, or an order of the moment. */
  exempted: "exempt",
  /** A container that AWS adds to the task: GuardDuty agent, Service Connect proxy. */
  "aws-injected": "exempt",
} as const satisfies Record<string, Status>;

export type ReasonCode = keyof typeof STATUS_OF_CODE;

/** All reason codes, by status. */
export const REASON_CODES = Object.keys(STATUS_OF_CODE) as readonly ReasonCode[];

/** The status that a reason code stands for. */
export function toStatus(code: ReasonCode): Status {
  return STATUS_OF_CODE[code];
}

/** The facts about the signature that decided. Times are ISO 8601 in UTC. */
export interface SignatureEvidence {
  /** Digest of the signature's manifest. */
  readonly digest: string;
  /** ARN of the AWS Signer signing profile version. */
  readonly profileVersion?: string;
  /** ARN of the AWS Signer signing job. */
  readonly job?: string;
  readonly signingTime?: string;
  /** When the signature expires; without it, the signature does not expire by itself. */
  readonly expiry?: string;
}

/** The order of the moment that decided. Times are ISO 8601 in UTC. */
export interface OrderEvidence {
  readonly id: string;
  readonly kind: "block" | "exempt" | "open";
  readonly from: string;
  /** When it ends. A block may have no end. */
  readonly until?: string;
  /** Who answers for it. */
  readonly owner?: string;
  readonly reason: string;
}

/** A signature of AWS Signer, whole and for this image, that does not count any more, or never did. */
export interface RefusedSignature extends Pick<SignatureEvidence, "digest" | "job"> {
  readonly code: "signature-revoked" | "signature-expired" | "signature-too-old" | "identity-not-trusted";
}

/** The verdict on one image of one container. */
export interface Verdict {
  readonly status: Status;
  readonly code: ReasonCode;
  /** With `signing-in-progress`: the denial that it becomes if the signing does not end in time. */
  readonly otherwise?: ReasonCode;
  /** For people: the reason, with the service's own error text if there is one. */
  readonly detail: string;
  /** The image reference that was judged, as far as it is known. */
  readonly reference: string;
  /** The digest that was judged. */
  readonly digest?: string;
  /** Judged through a tag, which can move: judged again when ECS reports the digest. */
  readonly provisional: boolean;
  readonly signature?: SignatureEvidence;
  /** Every signature that counted. A trusted image has one for each signer that the statement requires. */
  readonly counted?: readonly SignatureEvidence[];
  /** With `signers-missing`: who has not signed, as ARNs or as a choice between several. */
  readonly missing?: readonly string[];
  /** Of what is not trusted: a signature by a listed profile is revoked, whatever decided. */
  readonly revoked?: true;
  /** Of what is not trusted: the signatures by AWS Signer that are refused for what can happen to a signature that was valid. */
  readonly refusedSignatures?: readonly RefusedSignature[];
  /** With a trusted verdict: when the first of the signatures that counted ends. Absent if none ends. ISO 8601. */
  readonly validUntil?: string;
  readonly order?: OrderEvidence;
  /** Of an image that an order exempts: what the verdict would be without it. */
  readonly without?: Pick<Verdict, "status" | "code" | "detail">;
  /** How long the caller waited, in milliseconds. */
  readonly milliseconds: number;
}

import { createHash } from "node:crypto";
import { applicableStatement, isRegistryAllowed } from "../../../trust/derive";
import { findExemption } from "../../../trust/exemption";
import {
  formatReference,
  type ImageReference,
  ReferenceInvalidError,
  readReference,
  repositoryName,
} from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import type { Judgement } from "./judge-facts";
import { RegistryCredentialsError } from "./registry/ecr-credentials";
import type { ImageSubject, Subject } from "./subject";
import { toStatus, type Verdict } from "./verdict";
import type { VerdictCache } from "./verdict-cache";
import { type VerifyOptions, verifyImage } from "./verify-image";

export interface JudgeOptions extends VerifyOptions {
  readonly cache: VerdictCache;
}

/** Returns the verdict on one container's image. Never rejects because of the image or a service. */
export type Judge = (subject: Subject) => Promise<Verdict>;

/**
 * Creates the judge: added by AWS? exempted? reference valid, registry allowed, statement found? Only then comes the
 * verification, the only step that uses the network.
 */
export function createJudge(options: JudgeOptions): Judge {
  return async (subject) => {
    const startedAt = options.now();
    const finish = (judged: Judged): Verdict => toVerdict(judged, options.now() - startedAt);
    if (subject.kind === "aws-injected") return finish(injected(subject.container, subject.digest));
    if (subject.kind === "undetermined") return finish(undetermined(subject.container, subject.error));

    const parsed = parse(subject.image);
    if ("code" in parsed) return finish(parsed);
    const reference = withDigest(parsed, subject.digest);
    const decided = decideOffline(subject, reference, options);
    if (decided !== undefined) return finish(decided);
    return verify(reference, options, finish);
  };
}

/** A judgement with its subject. */
interface Judged extends Judgement {
  readonly reference: string;
  readonly provisional?: boolean;
}

function toVerdict({ reference, provisional = false, ...judgement }: Judged, milliseconds: number): Verdict {
  return { status: toStatus(judgement.code), ...judgement, reference, provisional, milliseconds };
}

function injected(container: string, digest: string | undefined): Judged {
  const detail = `AWS added the container ${container} to the task; the task definition does not have it`;
  return withoutUndefined({ code: "aws-injected", detail, reference: "", digest });
}

function undetermined(container: string, error: string): Judged {
  const detail = `could not find out whether AWS added the container ${container}: ${error}`;
  return { code: "verifier-failed", detail, reference: "" };
}

function parse(image: string | undefined): ImageReference | Judged {
  if (image === undefined) {
    return { code: "reference-invalid", detail: "ECS reports no image for this container", reference: "" };
  }
  const reference = readReference(image);
  if (!(reference instanceof ReferenceInvalidError)) return reference;
  return { code: "reference-invalid", detail: reference.message, reference: image };
}

/** The digest to judge replaces that of the reference. */
function withDigest(reference: ImageReference, digest: string | undefined): ImageReference {
  return digest === undefined ? reference : { ...reference, digest };
}

function decideOffline(
  { basis, oddDigest }: ImageSubject,
  reference: ImageReference,
  { trust, now }: JudgeOptions,
): Judged | undefined {
  const about = withoutUndefined({
    reference: formatReference(reference),
    digest: reference.digest,
  });
  if (oddDigest !== undefined) {
    const detail = `ECS reports the digest ${oddDigest}, which is not a SHA-256 or SHA-512 digest`;
    // Not the reference's digest: a different one may be running.
    return { code: "digest-unreported", detail, reference: about.reference };
  }
  const exemption = findExemption(trust, reference, new Date(now()));
  if (exemption !== undefined) {
    const detail = `exempted until ${exemption.expires} by ${exemption.owner}: ${exemption.reason}`;
    return { code: "exempted", detail, ...about };
  }
  if (!isRegistryAllowed(trust, reference)) {
    const detail = `the registry ${reference.registry} is not in the trust document (${trust.registries.join(", ")})`;
    return { code: "registry-not-allowed", detail, ...about };
  }
  if (applicableStatement(trust, reference) === undefined) {
    const detail = `no statement of the trust document covers ${repositoryName(reference)}`;
    return { code: "no-applicable-statement", detail, ...about };
  }
  if (basis === "unreported") {
    const detail = "the container has started, but ECS reports no digest and the reference has none";
    return { code: "digest-unreported", detail, ...about };
  }
  return undefined;
}

async function verify(
  reference: ImageReference,
  options: JudgeOptions,
  finish: (judged: Judged) => Verdict,
): Promise<Verdict> {
  const ask = async () => finish(await verifyNow(reference, options));
  // A tag can move, so its verdict is not kept.
  if (reference.digest === undefined) return ask();
  const verdict = await options.cache.judge(cacheKey(reference, options.trust), ask);
  return { ...verdict, reference: formatReference(reference) };
}

/** With the statement: a verdict says nothing about another statement, or about the same one after a change. */
function cacheKey(reference: ImageReference, trust: JudgeOptions["trust"]): string {
  const statement = JSON.stringify(applicableStatement(trust, reference));
  const hash = createHash("sha256").update(statement).digest("hex");
  return `${repositoryName(reference)}@${reference.digest} ${hash}`;
}

async function verifyNow(reference: ImageReference, options: JudgeOptions): Promise<Judged> {
  const about = { reference: formatReference(reference), provisional: reference.digest === undefined };
  try {
    return { ...(await verifyImage(reference, options)), ...about };
  } catch (error) {
    if (!(error instanceof RegistryCredentialsError)) throw error;
    return { code: error.code, detail: error.message, ...about };
  }
}

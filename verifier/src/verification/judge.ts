import { createHash } from "node:crypto";
import { applicableStatement } from "../../../trust/derive";
import { formatReference, type ImageReference, repositoryName } from "../../../trust/reference";
import { decideByName, type Judged, type NameOptions } from "./decide-by-name";
import { RegistryCredentialsError } from "./registry/ecr-credentials";
import type { Subject } from "./subject";
import { toStatus, type Verdict } from "./verdict";
import type { VerdictCache } from "./verdict-cache";
import { type VerifyOptions, verifyImage } from "./verify-image";

export interface JudgeOptions extends VerifyOptions {
  readonly cache: VerdictCache;
}

/** Returns the verdict on one container's image. Never rejects because of the image or a service. */
export type Judge = (subject: Subject) => Promise<Verdict>;

/** Creates the judge. The verification comes only after the name, and is the only step that uses the network. */
export function createJudge(options: JudgeOptions): Judge {
  return async (subject) => {
    const startedAt = options.now();
    const finish = (judged: Judged): Verdict => toVerdict(judged, options.now() - startedAt);
    const decision = decideByName(subject, options);
    return "judged" in decision ? finish(decision.judged) : verify(decision.reference, options, finish);
  };
}

/**
 * The judge of images that {@link decideByName} decides: it needs no network, no plugin and no process. Another image is a
 * fault of the caller.
 */
export function createNameJudge(options: NameOptions): Judge {
  return async (subject) => {
    const decision = decideByName(subject, options);
    if ("judged" in decision) return toVerdict(decision.judged, 0);
    throw new Error(`${formatReference(decision.reference)} is not decided by its name.`);
  };
}

function toVerdict({ reference, provisional = false, ...judgement }: Judged, milliseconds: number): Verdict {
  return { status: toStatus(judgement.code), ...judgement, reference, provisional, milliseconds };
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

import { parseReference } from "../../../../trust/reference";
import { everyRepository } from "../../../../trust/repository-entry";
import { within } from "../../within";
import type { Judgement } from "../judge-facts";
import type { ReasonCode } from "../verdict";
import { type VerifyOptions, verifyImage } from "../verify-image";
import { RegistryCredentialsError } from "./ecr-credentials";

/** No image has this digest: if the registry reports "not found", it allows us to read. */
const NO_IMAGE = `sha256:${"0".repeat(64)}`;
const AT_A_TIME = 4;
/**
 * Until this time a refusal is retried, in milliseconds from the start of the check: the permissions may have just
 * changed, and changes in IAM take time to take effect everywhere (IAM user guide, "Troubleshooting IAM"). How long is
 * inferred (iam-propagation).
 */
const REFUSED_UNTIL_MS = 20_000;
const ASK_AGAIN_AFTER_MS = 4_000;
/** The part of the invocation's time that is reserved for the response, in milliseconds. */
const FOR_THE_ANSWER_MS = 5_000;
const DETAIL_LENGTH = 500;

/** Codes that a permission change that has not taken effect yet can cause. */
const MAY_PASS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "registry-access-denied",
  "repository-access-denied",
  "verifier-misconfigured",
]);

/** A repository that the verifier cannot read. */
export interface RepositoryWarning {
  readonly repository: string;
  readonly code: ReasonCode;
  readonly detail: string;
}

export interface CheckOptions extends Pick<VerifyOptions, "trust" | "notation" | "credentialsFor" | "now"> {
  /** Time limit of one call, in milliseconds. */
  readonly timeoutMs: number;
  /** The time that the invocation has left, in milliseconds. */
  readonly remainingMs: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/**
 * Checks each repository that a statement names, several in parallel, like a verification: with the same process and
 * the same credentials. Never rejects, and ends before the invocation does: an unreadable repository is a warning.
 */
export async function checkRepositories(options: CheckOptions): Promise<readonly RepositoryWarning[]> {
  const named = options.trust.statements.flatMap(({ repositories }) => repositories);
  const repositories = named.filter((name) => name !== everyRepository);
  const refusedUntil = options.now() + REFUSED_UNTIL_MS;
  const warnings: (RepositoryWarning | undefined)[] = [];
  // All workers share one iterator.
  const waiting = repositories.entries();
  const work = async () => {
    for (const [index, repository] of waiting) warnings[index] = await check(repository, refusedUntil, options);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return warnings.filter((warning) => warning !== undefined);
}

async function check(
  repository: string,
  refusedUntil: number,
  options: CheckOptions,
): Promise<RepositoryWarning | undefined> {
  const { code, detail } = await ask(repository, options);
  if (code === "image-not-found") return undefined;
  const later = options.now() + ASK_AGAIN_AFTER_MS;
  if (!MAY_PASS.has(code) || later > refusedUntil || timeLeft(options) <= ASK_AGAIN_AFTER_MS) {
    return { repository, code, detail: detail.slice(0, DETAIL_LENGTH) };
  }
  await options.pause(ASK_AGAIN_AFTER_MS);
  return check(repository, refusedUntil, options);
}

async function ask(repository: string, options: CheckOptions): Promise<Judgement> {
  const deadlineMs = Math.min(options.timeoutMs, timeLeft(options));
  if (deadlineMs <= 0) return LATE;
  try {
    const { trust, notation, credentialsFor, now } = options;
    const image = { ...parseReference(repository), digest: NO_IMAGE };
    // Getting credentials is not part of the verification's deadline.
    const asked = verifyImage(image, { trust, notation, credentialsFor, now, deadlineMs });
    return (await within(asked, timeLeft(options))) ?? LATE;
  } catch (error) {
    if (error instanceof RegistryCredentialsError) return { code: error.code, detail: error.message };
    return { code: "verifier-failed", detail: error instanceof Error ? error.message : "unknown error" };
  }
}

const LATE: Judgement = { code: "deadline-exceeded", detail: "the check had no time left for this repository" };

function timeLeft({ remainingMs }: CheckOptions): number {
  return remainingMs() - FOR_THE_ANSWER_MS;
}

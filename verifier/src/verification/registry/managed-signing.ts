import { DescribeImageSigningStatusCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { parseEcrHost } from "../../../../trust/partition";
import { describeAwsError } from "../../aws-error";

/** Time limit for ECR's response, including all retries of the call, in milliseconds. */
export const SIGNING_ANSWER_LIMIT_MS = 2000;

/** The status of ECR's managed signing with one signing profile. */
export interface ProfileSigning {
  /** ARN of the profile, without a version, as ECR returns it. */
  readonly profile: string;
  /** `IN_PROGRESS`, `COMPLETE` or `FAILED`; or a value that ECR adds later. */
  readonly status: string;
  /** Only for the status `FAILED`: the reason from ECR. */
  readonly failure?: string;
}

/** ECR's answer about its managed signing of one image: no profile if no signing rule matched. */
export type SigningAnswer =
  | { readonly profiles: readonly ProfileSigning[] }
  /** Why ECR could not be asked. */
  | { readonly error: string };

/** An image by its digest. */
export interface DigestReference {
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
}

/**
 * Asks ECR about its managed signing of an image. Never rejects, and takes at most {@link SIGNING_ANSWER_LIMIT_MS} or
 * `timeLeftMs`, whichever is less. Undefined for a registry other than ECR, which is not asked.
 */
export type AskManagedSigning = (image: DigestReference, timeLeftMs: number) => Promise<SigningAnswer | undefined>;

/**
 * Creates the call of ECR's `DescribeImageSigningStatus`: one status per profile whose signing rule matched the push
 * (ECR API reference). That it says `IN_PROGRESS` from the push on is inferred (managed-signing-in-progress). Needs
 * `ecr:DescribeImageSigningStatus` on the repository.
 */
export function askManagedSigning(clientFor: (region: string) => ECRClient): AskManagedSigning {
  return async ({ registry, repository, digest }, timeLeftMs) => {
    const location = parseEcrHost(registry);
    if (location === undefined) return undefined;
    const command = new DescribeImageSigningStatusCommand({
      registryId: location.account,
      repositoryName: repository,
      imageId: { imageDigest: digest },
    });
    try {
      const limitMs = Math.min(SIGNING_ANSWER_LIMIT_MS, timeLeftMs);
      const { signingStatuses = [] } = await withinLimit(limitMs, (abortSignal) =>
        clientFor(location.region).send(command, { abortSignal }),
      );
      return {
        profiles: signingStatuses.flatMap(({ signingProfileArn: profile, status, failureCode, failureReason }) => {
          if (profile === undefined || status === undefined) return [];
          const failure = [failureCode, failureReason].filter((part) => part !== undefined).join(": ");
          return [{ profile, status, ...(failure === "" ? {} : { failure }) }];
        }),
      };
    } catch (error) {
      return { error: describeAwsError(error) };
    }
  };
}

/** The signal alone is not enough: the SDK ignores it while it looks for credentials or waits for a retry. */
async function withinLimit<T>(limitMs: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (limitMs <= 0) throw new Error("there was no time left");
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`there was no answer within ${Math.round(limitMs)} ms`));
      controller.abort();
    }, limitMs);
  });
  try {
    return await Promise.race([call(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

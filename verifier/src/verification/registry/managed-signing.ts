import { DescribeImageSigningStatusCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { parseEcrHost } from "../../../../trust/partition";
import { describeAwsError } from "../../aws-error";

/** How long ECR's answer is waited for, all repetitions of the call together, in milliseconds. */
export const SIGNING_ANSWER_LIMIT_MS = 2000;

/** Where ECR's managed signing stands with one signing profile. */
export interface ProfileSigning {
  /** ARN of the profile, without a version, as ECR says it. */
  readonly profile: string;
  /** `IN_PROGRESS`, `COMPLETE` or `FAILED`; or what ECR may say in the future. */
  readonly status: string;
  /** Only for the status `FAILED`: why, as ECR says it. */
  readonly failure?: string;
}

/** What ECR says of its managed signing of one image: no profile if no signing rule was for it. */
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
 * Asks ECR about its managed signing of an image. Never rejects, and takes no longer than {@link SIGNING_ANSWER_LIMIT_MS}
 * or `timeLeftMs`, whichever is less. Undefined for a registry that is not ECR, which is not asked.
 */
export type AskManagedSigning = (image: DigestReference, timeLeftMs: number) => Promise<SigningAnswer | undefined>;

/**
 * Makes the question to ECR's `DescribeImageSigningStatus`: one status for each profile whose signing rule matched the
 * push (ECR API reference); that it says `IN_PROGRESS` from the push on is inferred (managed-signing-in-progress). Needs `ecr:DescribeImageSigningStatus` on the repository.
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

/** The signal alone would not do: the SDK does not heed it while it looks for credentials or waits to try again. */
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

import { randomUUID } from "node:crypto";
import { findPartition } from "../../trust/partition";
import type { SigningChain } from "./certificates";
import { type EnvelopeContent, makeEnvelope } from "./envelope";
import { notFound } from "./errors";
import { computeExpiry, type Location, type SigningProfile } from "./profiles";

/** A signature and the values in it. */
export interface SignedPayload {
  readonly envelope: Buffer;
  readonly jobId: string;
  readonly jobArn: string;
  readonly profileVersionArn: string;
  readonly signingTime: Date;
  /** `undefined` for a signature without expiry. */
  readonly expiry: Date | undefined;
  readonly chain: readonly Buffer[];
}

/** Signs, and stores the signing jobs. */
export interface Signing {
  sign(payload: unknown, profile: SigningProfile, overrides?: Partial<EnvelopeContent>): SignedPayload;
  /** The ARN of a job of this Signer. @throws SignerError (ResourceNotFoundException) for any other. */
  jobArn(jobId: string): string;
}

export function makeSigning(location: Location, signer: SigningChain, now: () => Date): Signing {
  const jobs = new Map<string, string>();

  return {
    sign: (payload, profile, overrides = {}) => {
      const jobId = randomUUID();
      const jobArn = `arn:${findPartition(location.region)}:signer:${location.region}:${location.account}:/signing-jobs/${jobId}`;
      jobs.set(jobId, jobArn);

      const signingTime = overrides.signingTime ?? now();
      const content: EnvelopeContent = {
        payload,
        chain: signer.chain,
        key: signer.key,
        signingTime,
        expiry: computeExpiry(signingTime, profile.validity),
        profileVersion: profile.versionArn,
        job: jobArn,
        ...overrides,
      };
      return {
        envelope: makeEnvelope(content),
        jobId,
        jobArn,
        profileVersionArn: profile.versionArn,
        signingTime: wholeSeconds(signingTime),
        expiry: content.expiry ? wholeSeconds(content.expiry) : undefined,
        chain: content.chain,
      };
    },
    jobArn: (jobId) => {
      const arn = jobs.get(jobId);
      if (!arn) throw notFound(`Signing job ${jobId} does not exist.`);
      return arn;
    },
  };
}

/** The time in the envelope's format. */
function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

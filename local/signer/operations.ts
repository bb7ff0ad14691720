import { z } from "zod";
import { findPartition } from "../../trust/partition";
import { payloadMediaType } from "./envelope";
import { notFound, validationError } from "./errors";
import type { Profiles, SigningProfile } from "./profiles";
import { containerPlatform, type Location } from "./profiles";
import type { Revocations } from "./revocations";
import type { Signing } from "./signing";

/** A request in the form that the operations receive. */
export interface OperationRequest {
  /** From the path, decoded: a profile's name or a job's id. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** The state that the operations use. */
export interface SignerState {
  readonly location: Location;
  readonly profiles: Profiles;
  readonly revocations: Revocations;
  readonly signing: Signing;
  readonly now: () => Date;
}

/** Returns the body of the response, or throws a SignerError. */
export type Operation = (state: SignerState, request: OperationRequest) => unknown;

const validity = z.object({ type: z.enum(["DAYS", "MONTHS", "YEARS"]), value: z.int() });
const reason = z.string().min(1).max(500);

const signPayloadBody = z.object({
  profileName: z.string(),
  profileOwner: z.string().optional(),
  payload: z.base64(),
  payloadFormat: z.literal(payloadMediaType),
});

export const signPayload: Operation = (state, { body }) => {
  const input = parse(signPayloadBody, body);
  const profile = state.profiles.newest(input.profileName, input.profileOwner);
  if (state.revocations.isProfileVersionRevoked(profile.versionArn)) {
    throw validationError(`Signing profile ${profile.name} is revoked and can no longer sign.`);
  }
  const signed = state.signing.sign(Buffer.from(input.payload, "base64"), profile);
  return {
    jobId: signed.jobId,
    jobOwner: state.location.account,
    // The API reference says that this contains ARNs of profile and job; it does not document the names.
    metadata: { signingProfileVersionArn: profile.versionArn, signingJobArn: signed.jobArn },
    signature: signed.envelope.toString("base64"),
  };
};

const putSigningProfileBody = z.object({
  platformId: z.literal(containerPlatform),
  signatureValidityPeriod: validity.optional(),
});

/** What AWS answers for the name of an active profile is not documented; here it creates a new version. */
export const putSigningProfile: Operation = (state, { name, body }) => {
  const { signatureValidityPeriod } = parse(putSigningProfileBody, body);
  const profile = state.profiles.put(name, signatureValidityPeriod ? { validity: signatureValidityPeriod } : {});
  return { arn: profile.arn, profileVersion: profile.version, profileVersionArn: profile.versionArn };
};

export const getSigningProfile: Operation = (state, { name, query }) => {
  const profile = state.profiles.newest(name, query.get("profileOwner") ?? undefined);
  return {
    profileName: profile.name,
    profileVersion: profile.version,
    profileVersionArn: profile.versionArn,
    arn: profile.arn,
    platformId: containerPlatform,
    platformDisplayName: "Notation for container registries",
    signatureValidityPeriod: profile.validity,
    status: readStatus(state, profile),
  };
};

const revokeSigningProfileBody = z.object({ profileVersion: z.string(), reason, effectiveTime: z.number() });

export const revokeSigningProfile: Operation = (state, { name, body }) => {
  const input = parse(revokeSigningProfileBody, body);
  const profile = state.profiles.version(name, input.profileVersion);
  const effectiveTime = new Date(input.effectiveTime * 1000);
  if (effectiveTime > state.now()) {
    throw validationError(`effectiveTime ${effectiveTime.toISOString()} is in the future; it must be in the past.`);
  }
  state.revocations.revokeProfileVersion(profile.versionArn, effectiveTime);
  return undefined;
};

const revokeSignatureBody = z.object({ reason, jobOwner: z.string().optional() });

export const revokeSignature: Operation = (state, { name, body }) => {
  const { jobOwner = state.location.account } = parse(revokeSignatureBody, body);
  if (jobOwner !== state.location.account) throw notFound(`Signing job ${name} of account ${jobOwner} does not exist.`);
  state.revocations.revokeJob(state.signing.jobArn(name));
  return undefined;
};

const revocationQuery = z.object({
  signatureTimestamp: z.iso.datetime({ offset: true }),
  platformId: z.literal(containerPlatform),
  profileVersionArn: z
    .string()
    .regex(
      /^arn:[a-z-]+:signer:[a-z0-9-]+:\d{12}:\/(signing-profiles\/\w{2,64}\/\w{10}|aliased-signing-profiles\/[\w-]+)$/,
    ),
  jobArn: z.string().regex(/^arn:[a-z-]+:signer:[a-z0-9-]+:\d{12}:\/signing-jobs\/[\w-]+$/),
  certificateHashes: z.array(z.string().regex(/^[0-9a-f]{192}$/)).min(1),
});

/** An entity of another partition is rejected; an unknown one, also of another account or region, is not revoked. */
export const getRevocationStatus: Operation = (state, { query }) => {
  const input = parse(revocationQuery, {
    ...Object.fromEntries(query),
    certificateHashes: query.getAll("certificateHashes"),
  });
  const partition = findPartition(state.location.region);
  const foreign = [input.profileVersionArn, input.jobArn].find((arn) => arn.split(":")[1] !== partition);
  if (foreign) throw validationError(`${foreign} is not in the partition ${partition}.`);
  const signatureTimestamp = new Date(input.signatureTimestamp);
  return { revokedEntities: state.revocations.revokedEntities({ ...input, signatureTimestamp }) };
};

function readStatus(state: SignerState, profile: SigningProfile): string {
  return state.revocations.isProfileVersionRevoked(profile.versionArn) ? "Revoked" : "Active";
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".") || "request"}: ${message}`);
  throw validationError(problems.join("; "));
}

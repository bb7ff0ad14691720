import { IdentityInvalidError, readIdentity } from "../../trust/identity";
import { findPartition, isAccountId, isRegionName } from "../../trust/partition";
import { quote } from "../../trust/quote";
import { UsageError } from "../lib/errors";

/** One signing job: one signature. */
export interface JobTarget {
  readonly kind: "job";
  readonly region: string;
  readonly jobId: string;
  /** The account that owns the job. Unknown for a bare id; AWS Signer then uses the caller's account. */
  readonly owner?: string;
}

/** All signatures that one version of a signing profile made after a given time. */
export interface ProfileVersionTarget {
  readonly kind: "profile-version";
  readonly region: string;
  readonly arn: string;
  readonly account: string;
  readonly name: string;
  readonly version: string;
}

export type RevocationTarget = JobTarget | ProfileVersionTarget;

const JOB_FORMS =
  'Give the job\'s id, or its ARN "arn:aws:signer:<region>:<account>:/signing-jobs/<id>", as `inspect --verbose` prints it.';

/**
 * Reads `--job`: the region comes from its ARN, or for a bare id from `region`.
 *
 * @throws {@link UsageError}
 */
export function parseJob(text: string, region: string | undefined): JobTarget {
  if (text.startsWith("arn:")) return parseJobArn(text, region);
  if (!isJobId(text)) throw new UsageError(`--job ${quote(text)} is not a signing job. ${JOB_FORMS}`);
  if (region === undefined) {
    throw new UsageError(
      "The region of the signing job is not known: give the job's ARN, or --region, or set AWS_REGION.",
    );
  }
  return { kind: "job", region, jobId: text };
}

function parseJobArn(text: string, asked: string | undefined): JobTarget {
  const [, partition, service, region = "", account = "", ...resource] = text.split(":");
  const [root, collection, jobId = "", ...rest] = resource.join(":").split("/");
  const known = service === "signer" && isRegionName(region) && isAccountId(account);
  const isJob = root === "" && collection === "signing-jobs" && isJobId(jobId) && rest.length === 0;
  if (!known || !isJob) throw new UsageError(`--job ${quote(text)} is not the ARN of a signing job. ${JOB_FORMS}`);
  const expected = findPartition(region);
  if (partition !== expected) {
    throw new UsageError(
      `--job ${quote(text)} has the partition ${quote(partition ?? "")}, but ${region} is a region of ${expected}.`,
    );
  }
  return { kind: "job", region: sameRegion(region, asked), jobId, owner: account };
}

/**
 * Reads `--profile-version`.
 *
 * @throws {@link UsageError}
 */
export function parseProfileVersion(text: string, region: string | undefined): ProfileVersionTarget {
  const identity = readIdentity(text);
  if (identity instanceof IdentityInvalidError) throw new UsageError(`--profile-version: ${identity.message}`);
  const { kind, name, account, version } = identity;
  if (kind === "profile-version" && version !== undefined) {
    return { kind, arn: text, account, name, version, region: sameRegion(identity.region, region) };
  }
  throw new UsageError(
    `--profile-version ${quote(text)} names no version. One version is revoked at a time: end the ARN with "/signing-profiles/<name>/<version>", as \`inspect\` prints it after "signed by".`,
  );
}

function sameRegion(region: string, asked: string | undefined): string {
  if (asked !== undefined && asked !== region) {
    throw new UsageError(`The ARN is of ${region}, but --region says ${asked}: leave --region out.`);
  }
  return region;
}

/**
 * AWS publishes no grammar for job ids; the ids that it issues are UUIDs. This pattern is wider on purpose: inferred
 * (job-id-grammar).
 */
function isJobId(text: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(text);
}

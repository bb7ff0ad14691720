import { SignerClient } from "@aws-sdk/client-signer";
import { quote } from "../../trust/quote";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { confirm } from "../lib/confirm";
import { UsageError } from "../lib/errors";
import { wholeSeconds } from "./effective-time";
import { callSigner } from "./revocation-call";
import { parseJob, parseProfileVersion } from "./revocation-target";
import { expectedAnswer, type Revocation, revocationJson, revocationQuestion, revocationText } from "./revocation-text";

/** The options of `revoke`. */
export interface RevokeOptions {
  readonly job?: string;
  readonly profileVersion?: string;
  readonly effectiveTime?: Date;
  readonly reason: string;
  readonly confirm?: string;
  readonly region?: string;
  readonly signerEndpoint?: string;
  readonly json?: true;
}

/** Revokes a signature, or the signatures of a signing profile version, after confirmation. */
export async function revoke(options: RevokeOptions): Promise<void> {
  const revocation = toRevocation(options, process.env);
  await confirmed(revocation, options.confirm);
  const { signerEndpoint } = options;
  const { region } = revocation.target;
  const client = new SignerClient({ region, ...withoutUndefined({ endpoint: signerEndpoint }) });
  try {
    await callSigner(client, revocation);
  } finally {
    client.destroy();
  }
  process.stdout.write(`${options.json ? revocationJson(revocation) : revocationText(revocation)}\n`);
}

function toRevocation(options: RevokeOptions, env: NodeJS.ProcessEnv): Revocation {
  const { job, profileVersion, reason, region } = options;
  if (job !== undefined) {
    const known = region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined);
    // The region from the environment applies only to a bare id: it does not contradict an ARN.
    return { target: parseJob(job, job.startsWith("arn:") ? region : known), effectiveTime: undefined, reason };
  }
  if (profileVersion === undefined) {
    throw new UsageError(
      "Say what to revoke: --job ID for one signature, or --profile-version ARN for all of a version.",
    );
  }
  const effectiveTime = options.effectiveTime ?? wholeSeconds(new Date());
  return { target: parseProfileVersion(profileVersion, region), effectiveTime, reason };
}

async function confirmed(revocation: Revocation, given: string | undefined): Promise<void> {
  const expected = expectedAnswer(revocation);
  if (given === expected) return;
  if (given !== undefined) {
    throw new UsageError(`--confirm ${quote(given)} is not ${quote(expected)}. Nothing was revoked.`);
  }
  await confirm({ question: revocationQuestion(revocation), expected, option: `--confirm ${expected}` });
}

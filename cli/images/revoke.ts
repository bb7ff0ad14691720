import { SignerClient } from "@aws-sdk/client-signer";
import { Command, InvalidArgumentError, Option } from "commander";
import { quote } from "../../trust/quote";
import { confirm } from "../lib/confirm";
import { UsageError } from "../lib/errors";
import { withHelp } from "../lib/help";
import { parseRegion, parseUrl } from "../lib/option-values";
import { parseEffectiveTime, wholeSeconds } from "./effective-time";
import { callSigner } from "./revocation-call";
import { parseJob, parseProfileVersion } from "./revocation-target";
import { expectedAnswer, type Revocation, revocationJson, revocationQuestion, revocationText } from "./revocation-text";

interface RevokeOptions {
  readonly job?: string;
  readonly profileVersion?: string;
  readonly effectiveTime?: Date;
  readonly reason: string;
  readonly confirm?: string;
  readonly region?: string;
  readonly signerEndpoint?: string;
  readonly json?: true;
}

/** `revoke`: a signature, or what a version of a profile has signed, is no longer trusted. */
export function revokeCommand(): Command {
  const command = new Command("revoke")
    .description("Revoke a signature, or all that a version of a signing profile has made, for good.")
    .addOption(new Option("--job <id>", "the signing job, by id or ARN").conflicts(["profileVersion", "effectiveTime"]))
    .option("--profile-version <arn>", "the version of a signing profile, by ARN")
    .option("--effective-time <time>", "signatures made after it are revoked (default: now)", parsedEffectiveTime)
    .requiredOption("--reason <text>", "why, at most 500 characters; AWS Signer keeps it", parseReason)
    .option("--confirm <name>", "the job's id or the profile's name, in place of the answer at the terminal")
    .option("--region <name>", "the region of a job given by its id alone (default: AWS_REGION)", parseRegion)
    .option("--signer-endpoint <url>", "ask this URL in place of AWS Signer", parseUrl)
    .option("--json", "print one JSON document")
    .action(revoke);
  return withHelp(command, {
    notes: `A job is one signature; \`inspect\` and \`verify\` print it. A version of a profile is what to revoke when others could sign
with it: every signature that it made after the effective time. You are asked to type the job's id or the profile's
name, unless --confirm gives it.

The role needs signer:RevokeSignature or signer:RevokeSigningProfile.`,
    examples: [
      'ecs-image-verification revoke --job arn:aws:signer:eu-west-1:111122223333:/signing-jobs/<id> --reason "built from the wrong branch"',
      'ecs-image-verification revoke --profile-version arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release/<version> --effective-time 2026-06-15T12:00:00Z --reason "the build server was broken into"',
      'ecs-image-verification revoke --job <id> --region eu-west-1 --reason "leaked" --confirm <id> --json',
    ],
    exitCodes: [
      "0 revoked",
      "2 not revoked: AWS Signer said no, or did not answer",
      "64 the call cannot be used, or was not confirmed; nothing was revoked",
    ],
  });
}

async function revoke(options: RevokeOptions): Promise<void> {
  const revocation = revocationOf(options, process.env);
  await confirmed(revocation, options.confirm);
  const { signerEndpoint } = options;
  const { region } = revocation.target;
  const client = new SignerClient({ region, ...(signerEndpoint === undefined ? {} : { endpoint: signerEndpoint }) });
  try {
    await callSigner(client, revocation);
  } finally {
    client.destroy();
  }
  process.stdout.write(`${options.json ? revocationJson(revocation) : revocationText(revocation)}\n`);
}

function revocationOf(options: RevokeOptions, environment: NodeJS.ProcessEnv): Revocation {
  const { job, profileVersion, reason, region } = options;
  if (job !== undefined) {
    const known = region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined);
    // The region of the environment is for a bare id only: it does not contradict an ARN.
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

function parseReason(text: string): string {
  // The limit of the service (API reference of RevokeSignature and RevokeSigningProfile).
  if (text.trim() === "" || text.length > 500) throw new InvalidArgumentError("It must have 1 to 500 characters.");
  if (/\p{Cc}/u.test(text)) throw new InvalidArgumentError("It must be one line without control characters.");
  return text;
}

/** Commander gives the value before as a second argument. */
function parsedEffectiveTime(text: string): Date {
  return parseEffectiveTime(text);
}

import { Command, InvalidArgumentError, Option } from "commander";
import { withHelp } from "../lib/help";
import { lazily } from "../lib/lazily";
import { parseRegion, parseUrl } from "../lib/option-values";

/** `revoke`: revokes a signature, or the signatures of a signing profile version. */
export function revokeCommand(): Command {
  const command = new Command("revoke")
    .description("Permanently revoke a signature, or all signatures of one version of a signing profile.")
    .addOption(new Option("--job <id>", "the signing job, by id or ARN").conflicts(["profileVersion", "effectiveTime"]))
    .option("--profile-version <arn>", "the version of a signing profile, by ARN")
    .option("--effective-time <time>", "signatures made after it are revoked (default: now)", parsedEffectiveTime)
    .requiredOption("--reason <text>", "why, at most 500 characters; AWS Signer keeps it", parseReason)
    .option("--confirm <name>", "the job's id or the profile's name, instead of typing it at the prompt")
    .option("--region <name>", "the region of a job given by its id alone (default: AWS_REGION)", parseRegion)
    .option("--signer-endpoint <url>", "ask this URL instead of AWS Signer", parseUrl)
    .option("--json", "print one JSON document")
    .action(lazily(() => (require("./revoke-action") as typeof import("./revoke-action")).revoke));
  return withHelp(command, {
    notes: `A job is one signature; \`inspect --verbose\` and \`verify\` print it. Revoke a version of a profile when others could
sign with it: every signature that it made after the effective time. You are asked to type the job's id or the profile's
name, unless --confirm gives it.

The role needs signer:RevokeSignature or signer:RevokeSigningProfile.`,
    examples: [
      'ecs-image-verification revoke --job arn:aws:signer:eu-west-1:111122223333:/signing-jobs/<id> --reason "built from the wrong branch"',
      'ecs-image-verification revoke --profile-version arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release/<version> --effective-time 2026-06-15T12:00:00Z --reason "the build server was broken into"',
      'ecs-image-verification revoke --job <id> --region eu-west-1 --reason "leaked" --confirm <id> --json',
    ],
    exitCodes: [
      "0 revoked",
      "2 not revoked: AWS Signer refused, or did not answer",
      "64 the call cannot be used, or was not confirmed; nothing was revoked",
    ],
  });
}

function parseReason(text: string): string {
  // The limit of the service (API reference of RevokeSignature and RevokeSigningProfile).
  if (text.trim() === "" || text.length > 500) throw new InvalidArgumentError("It must have 1 to 500 characters.");
  if (/\p{Cc}/u.test(text)) throw new InvalidArgumentError("It must be one line without control characters.");
  return text;
}

/** Commander passes the previous value as a second argument. The time parser is loaded only when it is needed. */
function parsedEffectiveTime(text: string): Date {
  const { parseEffectiveTime } = require("./effective-time") as typeof import("./effective-time");
  return parseEffectiveTime(text);
}

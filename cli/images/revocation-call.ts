import { RevokeSignatureCommand, RevokeSigningProfileCommand, type SignerClient } from "@aws-sdk/client-signer";
import { withoutUndefined } from "../../trust/text/without-undefined";
import { describeAwsError } from "../../verifier/src/aws-error";
import { awsFailure } from "../lib/aws-errors";
import { CommandFailedError } from "../lib/errors";
import { printable } from "../lib/printable";
import type { Revocation } from "./revocation-text";

/**
 * Calls AWS Signer to revoke the target.
 *
 * @throws {@link CommandFailedError} with a one-line message.
 */
export async function callSigner(client: SignerClient, revocation: Revocation): Promise<void> {
  try {
    await send(client, revocation);
  } catch (error) {
    throw revocationFailure(revocation, error);
  }
}

async function send(client: SignerClient, { target, effectiveTime, reason }: Revocation): Promise<void> {
  if (target.kind === "job") {
    const { jobId, owner } = target;
    await client.send(new RevokeSignatureCommand({ jobId, reason, ...withoutUndefined({ jobOwner: owner }) }));
    return;
  }
  const { name, version } = target;
  await client.send(
    new RevokeSigningProfileCommand({ profileName: name, profileVersion: version, reason, effectiveTime }),
  );
}

/** The error as a message for people. The error names come from the service model of AWS Signer. */
export function revocationFailure({ target }: Revocation, error: unknown): CommandFailedError {
  const job = target.kind === "job";
  const of = job ? `signing job ${target.jobId}` : target.arn;
  const name = error instanceof Error ? error.name : "";
  const advice = job ? JOB_ADVICE[name] : PROFILE_ADVICE[name];
  if (advice === undefined) {
    const action = job ? "signer:RevokeSignature" : "signer:RevokeSigningProfile";
    return awsFailure({ asking: "Revoking", of: `${of} in ${target.region}`, action }, error);
  }
  const answer = printable(describeAwsError(error), 600).replace(/\.?$/, ".");
  return new CommandFailedError(`Revoking ${of} in ${target.region} failed: ${answer} ${advice}`, { cause: error });
}

const JOB_ADVICE: Readonly<Record<string, string>> = {
  ResourceNotFoundException: "Check the id and the region, and give the ARN for a job of another account.",
  ValidationException: "Nothing was revoked. It may be revoked already: check with `inspect`.",
  ConflictException: "Nothing was revoked. It may be revoked already: check with `inspect`.",
};

const PROFILE_ADVICE: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    "Only the account that owns a profile can revoke it: check that the credentials are of that account, and the name and the version.",
  ValidationException:
    "Nothing was revoked. It may be revoked already with an earlier time, which can only be moved to a still earlier one.",
  ConflictException: "Nothing was revoked. It may be revoked already: check with `inspect`.",
};

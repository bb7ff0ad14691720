import { describeAwsError, isAwsUnavailable } from "../../verifier/src/aws-error";
import { CommandFailedError } from "./errors";

/** Describes a call to AWS for error messages. */
export interface AwsQuestion {
  /** The operation, such as `Reading the log`. */
  readonly asking: string;
  /** The name or ARN of its target. */
  readonly of: string;
  /** The IAM action that it needs, such as `logs:FilterLogEvents`. */
  readonly action: string;
  /** What to do if AWS does not find the target or rejects the call. Default: a hint about outputs and credentials. */
  readonly advice?: string;
}

/**
 * Calls AWS.
 *
 * @throws {@link CommandFailedError} with a one-line message: the operation, its target, AWS's answer, and what to do.
 */
export async function askAws<Answer>(question: AwsQuestion, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw awsFailure(question, error);
  }
}

/** Converts an error of the AWS SDK to an error for people. */
export function awsFailure({ asking, of, action, advice }: AwsQuestion, error: unknown): CommandFailedError {
  const answer = describeAwsError(error).replace(/\.?$/, ".");
  return new CommandFailedError(`${asking} ${of} failed: ${answer} ${adviceOn(error, action, advice)}`, {
    cause: error,
  });
}

/** Whether AWS refuses these credentials, or there are none: other calls of the same kind would fail as well. */
export function areCredentialsRefused(error: unknown): boolean {
  const name = error instanceof Error ? error.name : "";
  return NO_LOGIN.test(name) || NO_PERMISSION.test(name);
}

const NO_LOGIN = /ProviderError$|^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature)/;
const NO_PERMISSION = /AccessDenied|NotAuthorized|^Forbidden/;

/** What to do about an error, based on its name (the service's own code) and the SDK's fields. */
function adviceOn(error: unknown, action: string, advice?: string): string {
  const name = error instanceof Error ? error.name : "";
  if (NO_LOGIN.test(name)) {
    return "Log in to AWS again, or set AWS_PROFILE.";
  }
  if (NO_PERMISSION.test(name)) return `These credentials need ${action}.`;
  if (/NotFound|NonExistent|DoesNotExist/.test(name)) {
    return advice ?? "Is it deployed, are these its newest outputs, and are these credentials of its account?";
  }
  if (isAwsUnavailable(error)) {
    return hasAnswer(error) ? "Try again in a minute." : "AWS did not answer: check the network and AWS_ENDPOINT_URL.";
  }
  return (
    advice ?? "Check that the outputs are the newest of this environment, and that the credentials are of its account."
  );
}

function hasAnswer(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return false;
  const metadata = error.$metadata;
  return typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata;
}

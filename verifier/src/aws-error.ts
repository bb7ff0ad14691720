/** What an error of an AWS SDK call tells about its cause. Fields as the AWS SDK for JavaScript v3 sets them. */
interface SdkErrorFields {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $retryable?: { readonly throttling?: unknown };
}

/**
 * Whether a failed AWS call may succeed later: there was no answer, the call was throttled, or AWS had a fault.
 * False where a retry does not help: a missing permission, missing credentials, a bad request.
 */
export function isAwsUnavailable(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { name, $metadata, $retryable } = error as SdkErrorFields;
  const kind = typeof name === "string" ? name : "";
  if (kind.endsWith("ProviderError")) return false;
  // Several AWS services answer throttling with status 400, so the name decides.
  if ($retryable?.throttling === true || /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/.test(kind))
    return true;
  const status = $metadata?.httpStatusCode;
  return typeof status !== "number" || status === 429 || status >= 500;
}

/**
 * Name and first line of an error, for people. Only the first line: after it, AWS's answer to a wrongly signed request
 * lists the request's headers, session token included.
 */
export function describeAwsError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const line = (error.message.split(/[\r\n]/, 1)[0] ?? "").slice(0, 500);
  // A response that does not come from AWS (but from a proxy, for example) leaves the name empty.
  return [error.name || "Error", line].filter((part) => part !== "").join(": ");
}

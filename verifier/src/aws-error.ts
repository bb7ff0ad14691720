/** What an error of an AWS SDK call says about the cause. Fields as the AWS SDK for JavaScript v3 sets them. */
interface SdkErrorFields {
  readonly name?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $retryable?: { readonly throttling?: unknown };
}

/**
 * Whether a failed AWS call may well succeed later: no answer at all, throttled, or a fault on AWS's side.
 * False for what stays so until somebody changes something: no permission, no credentials of ours, a bad request.
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
 * Name and first line of an error, for people. Only the first line: AWS's answer to a wrongly signed request goes on
 * with the request's headers, session token included.
 */
export function describeAwsError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const line = (error.message.split(/[\r\n]/, 1)[0] ?? "").slice(0, 500);
  // An answer that is not AWS's own (a proxy's, say) leaves the name empty.
  return [error.name || "Error", line].filter((part) => part !== "").join(": ");
}

import { describeAwsError, isAwsUnavailable } from "../../verifier/src/aws-error";

/** What AWS said. */
export type AwsAnswer<Value> =
  | { readonly kind: "answer"; readonly value: Value }
  /** It was not reached. */
  | { readonly kind: "silent"; readonly why: string; readonly isUnknownHost: boolean }
  | { readonly kind: "error"; readonly error: unknown; readonly says: string; readonly isDenied: boolean };

/** The longest time for one call, with all that comes before it, such as looking for credentials. */
export const LIMIT_MS = 5000;

/** Settings of a client that asks once. */
export const ONCE = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: LIMIT_MS, requestTimeout: LIMIT_MS, throwOnRequestTimeout: true },
} as const;

/** Asks AWS, for a short time. */
export async function askBriefly<Value>(ask: (signal: AbortSignal) => Promise<Value>): Promise<AwsAnswer<Value>> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // Looking for credentials does not heed the signal.
  const limit = new Promise<AwsAnswer<Value>>((resolve) => {
    timer = setTimeout(() => {
      late.abort();
      resolve({ kind: "silent", why: `AWS did not answer within ${LIMIT_MS / 1000} s`, isUnknownHost: false });
    }, LIMIT_MS);
  });
  const asked = ask(late.signal).then(
    (value): AwsAnswer<Value> => ({ kind: "answer", value }),
    (error: unknown) => toAnswer<Value>(error),
  );
  try {
    return await Promise.race([asked, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function toAnswer<Value>(error: unknown): AwsAnswer<Value> {
  const says = describeAwsError(error);
  if (isAwsUnavailable(error) && !hasStatus(error)) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return { kind: "silent", why: `AWS was not reached (${code || says})`, isUnknownHost: code === "ENOTFOUND" };
  }
  const isDenied = /AccessDenied|NotAuthorized/.test(error instanceof Error ? error.name : "");
  return { kind: "error", error, says, isDenied };
}

function hasStatus(error: unknown): boolean {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return false;
  const { $metadata: metadata } = error;
  return (
    typeof metadata === "object" &&
    metadata !== null &&
    "httpStatusCode" in metadata &&
    metadata.httpStatusCode !== undefined
  );
}

/**
 * How the calls to AWS are made: repeated, with back-off, when they are throttled or fail on AWS's side, and never waited
 * for without end. By default the SDK would wait for an answer as long as the invocation lasts.
 */
export const AWS_CALLS = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
} as const;

/** The ledger is asked before anything is done, and is not needed for doing it: it gets little time. */
export const LEDGER_CALLS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 1000, throwOnRequestTimeout: true },
} as const;

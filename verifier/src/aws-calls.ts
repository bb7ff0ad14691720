/**
 * How AWS calls are made: with retries and back-off when they are throttled or AWS has a fault, and with a time limit.
 * By default the SDK would wait for a response as long as the invocation lasts.
 */
export const AWS_CALLS = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
} as const;

/** The ledger is asked before each action but is not required for it, so its calls get little time. */
export const LEDGER_CALLS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 1000, throwOnRequestTimeout: true },
} as const;

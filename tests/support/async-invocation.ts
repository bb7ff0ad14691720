import type { TestClock } from "./clock";

/** How long Lambda waits before it tries an asynchronous invocation that failed again: one minute, then two. */
const WAITS_MS = [60_000, 120_000];

/** What became of one event. */
export interface AsyncInvocation {
  /** Where the event ended. */
  readonly ended: "succeeded" | "failure-queue";
  /** What each attempt threw; `undefined` for the one that went well. */
  readonly attempts: readonly (Error | undefined)[];
}

export interface AsyncInvocationOptions {
  readonly clock: TestClock;
  /** Told of each attempt before it is made: 1, 2, 3. */
  readonly beforeAttempt?: (attempt: number) => unknown;
}

/**
 * Lambda's asynchronous invocation, as its developer guide has it ("How Lambda handles errors and retries with
 * asynchronous invocation"): one attempt, two more after errors, then the failure destination.
 */
export async function invokeAsynchronously(
  invoke: () => Promise<unknown>,
  { clock, beforeAttempt }: AsyncInvocationOptions,
): Promise<AsyncInvocation> {
  const attempts: (Error | undefined)[] = [];
  for (const wait of [0, ...WAITS_MS]) {
    await clock.pass(wait);
    await beforeAttempt?.(attempts.length + 1);
    const error = await invoke().then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    attempts.push(error);
    if (error === undefined) return { ended: "succeeded", attempts };
  }
  return { ended: "failure-queue", attempts };
}

/** The names of what the attempts threw, for comparing. */
export function errorNames({ attempts }: AsyncInvocation): readonly string[] {
  return attempts.map((error) => error?.name ?? "ok");
}

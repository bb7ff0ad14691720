import type { Judge } from "../verification/judge";

/**
 * Calls of AWS Signer that a scan or sweep makes in a second: a fifth of what an account may make in a region (AWS Signer
 * endpoints and quotas: 100 GetRevocationStatus a second), so that launches and deployments are never throttled by it.
 */
export const SIGNER_CALLS_PER_SECOND = 20;

export interface SignerPaceOptions {
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly perSecond?: number;
}

/** Spreads calls over time. */
export interface SignerPace {
  /** Waits until one call may be made. */
  begin(): Promise<void>;
  /** Counts calls that were made beyond the one that {@link begin} allowed: what comes next waits for them too. */
  charge(calls: number): void;
}

/** Lets the calls begin one after the other, each with its share of a second. */
export function createSignerPace({ now, pause, perSecond = SIGNER_CALLS_PER_SECOND }: SignerPaceOptions): SignerPace {
  const share = 1000 / perSecond;
  let free = now();
  return {
    async begin() {
      const at = Math.max(free, now());
      free = at + share;
      const wait = at - now();
      if (wait > 0) await pause(wait);
    },
    charge(calls) {
      if (calls > 0) free = Math.max(free, now()) + calls * share;
    },
  };
}

/**
 * A judge that keeps to the pace. A verification asks Signer about one signature for each signer that is required; it asks
 * about more only where a trusted profile has signed the same image several times, which is not counted.
 */
export function paceJudge(judge: Judge, pace: SignerPace): Judge {
  return async (subject) => {
    if (subject.kind !== "image") return judge(subject);
    await pace.begin();
    const verdict = await judge(subject);
    pace.charge((verdict.counted?.length ?? 1) - 1);
    return verdict;
  };
}

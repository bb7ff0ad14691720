import { LRUCache } from "lru-cache";
import type { Verdict } from "./verdict";

const DENIED_TTL_MS = 60_000;

/**
 * How long a verification may have been running and still accept new callers, in milliseconds. An older one was left
 * over in a frozen Lambda environment: its result is outdated, and it may never end.
 */
const JOIN_LIMIT_MS = 60_000;

export interface VerdictCacheOptions {
  /** How long a trusted verdict is kept: the longest time for which a revocation can go unnoticed. 0: not kept. */
  readonly trustedTtlMs: number;
  /** How long a denied verdict is kept; short, so that an image signed later is accepted soon. */
  readonly deniedTtlMs?: number;
  /** The maximum number of verdicts kept; the least recently used is removed. */
  readonly max: number;
  /**
   * The time of day, in milliseconds since 1970. Not a monotonic clock: that can stop while Lambda freezes the
   * environment.
   */
  readonly now: () => number;
  /**
   * Called for each caller: whether it got a verdict that was kept, or shares a verification with another caller. Default:
   * nothing is called.
   */
  readonly onAsked?: ((isHit: boolean) => void) | undefined;
}

export interface VerdictCache {
  /**
   * The verdict for `key`, which must have `registry/repository@digest` (a verdict on a tag must not be kept, because a
   * tag can move) and what was asked of its signatures. Runs `verify` unless a verdict is kept or another caller's verification is running, which is then
   * shared. If `verify` rejects, all callers that waited for it reject, and nothing is kept.
   *
   * The verdict is the one that `verify` returned, except that `milliseconds` is how long this caller waited. Its
   * `reference` is that of the first caller: another tag with the same digest shares the verdict.
   */
  judge(key: string, verify: () => Promise<Verdict>): Promise<Verdict>;
}

interface Flight {
  readonly startedAt: number;
  readonly verdict: Promise<Verdict>;
}

interface Kept {
  readonly verdict: Verdict;
  readonly from: number;
  readonly until: number;
}

/**
 * Creates a cache of verdicts, in memory. Trusted and denied verdicts are kept for their time, counted from the start
 * of the verification. Inconclusive, exempt and provisional verdicts are never kept, and a trusted verdict not longer
 * than the signatures that counted are valid.
 */
export function verdictCache({
  trustedTtlMs,
  deniedTtlMs = DENIED_TTL_MS,
  max,
  now,
  onAsked = () => {},
}: VerdictCacheOptions): VerdictCache {
  const kept = new LRUCache<string, Kept>({ max });
  const flights = new Map<string, Flight>();

  function keptVerdict(key: string, at: number): Verdict | undefined {
    const entry = kept.get(key);
    if (entry === undefined) return undefined;
    // If the clock is set back, the time must not become longer.
    if (entry.from <= at && at < entry.until) return entry.verdict;
    kept.delete(key);
    return undefined;
  }

  function startFlight(key: string, verify: () => Promise<Verdict>, startedAt: number): Flight {
    const flight: Flight = { startedAt, verdict: (async () => verify())() };
    flights.set(key, flight);
    flight.verdict.then(
      (verdict) => {
        if (!landed(key, flight)) return;
        const until = keepUntil(verdict, startedAt, { trustedTtlMs, deniedTtlMs });
        if (until > now()) kept.set(key, { verdict, from: startedAt, until });
      },
      () => landed(key, flight),
    );
    return flight;
  }

  /**
   * False for a verification that another has replaced: its verdict goes to the callers that waited, and is not kept.
   */
  function landed(key: string, flight: Flight): boolean {
    return flights.get(key) === flight && flights.delete(key);
  }

  return {
    async judge(key, verify) {
      const askedAt = now();
      const known = keptVerdict(key, askedAt);
      const underWay = flights.get(key);
      const joinable = underWay !== undefined && Math.abs(askedAt - underWay.startedAt) < JOIN_LIMIT_MS;
      onAsked(known !== undefined || joinable);
      if (known !== undefined) return { ...known, milliseconds: 0 };
      const flight = joinable ? underWay : startFlight(key, verify, askedAt);
      const verdict = await flight.verdict;
      return { ...verdict, milliseconds: Math.max(0, now() - askedAt) };
    },
  };
}

/** The end of a verdict's time, in milliseconds since 1970; in the past if it must not be kept. */
function keepUntil(verdict: Verdict, from: number, ttl: { trustedTtlMs: number; deniedTtlMs: number }): number {
  if (verdict.provisional) return 0;
  if (verdict.status === "denied") return from + ttl.deniedTtlMs;
  if (verdict.status !== "trusted") return 0;
  if (verdict.validUntil === undefined) return from + ttl.trustedTtlMs;
  const endsAt = Date.parse(verdict.validUntil);
  return Number.isNaN(endsAt) ? 0 : Math.min(from + ttl.trustedTtlMs, endsAt);
}

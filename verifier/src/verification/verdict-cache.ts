import { LRUCache } from "lru-cache";
import type { Verdict } from "./verdict";

const DENIED_TTL_MS = 60_000;

/**
 * How long a verification may be under way and still take in new callers, in milliseconds. One that is older was left
 * over by a frozen Lambda environment: what it will say is out of date, and it may never end.
 */
const JOIN_LIMIT_MS = 60_000;

export interface VerdictCacheOptions {
  /** How long a trusted verdict is kept. The longest time that a revocation can stay unseen. 0: not kept. */
  readonly trustedTtlMs: number;
  /** How long a denied verdict is kept, so that an image signed late is not refused for long. */
  readonly deniedTtlMs?: number;
  /** The most verdicts kept; the least recently used gives way. */
  readonly max: number;
  /**
   * The time of day, in milliseconds since 1970. Not a monotonic clock: that may stand still while Lambda freezes
   * the environment.
   */
  readonly now: () => number;
}

export interface VerdictCache {
  /**
   * The verdict for `key`, which must be `registry/repository@digest` (of a tag nothing may be kept, since it can
   * move). Runs `verify` unless a verdict is kept or another caller's verification is under way, which is shared;
   * if `verify` rejects, so do all who waited for it, and nothing is kept.
   *
   * The verdict is the one that `verify` gave, except that `milliseconds` is how long this caller has waited.
   * Its `reference` is that of whoever asked first: another tag with the same digest shares the verdict.
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
 * Makes a cache of verdicts, in memory. Trusted and denied verdicts are kept for their time, counted from the start of
 * the verification; inconclusive, exempt and provisional ones never; a trusted one not beyond its signature's expiry.
 */
export function verdictCache({
  trustedTtlMs,
  deniedTtlMs = DENIED_TTL_MS,
  max,
  now,
}: VerdictCacheOptions): VerdictCache {
  const kept = new LRUCache<string, Kept>({ max });
  const flights = new Map<string, Flight>();

  function keptVerdict(key: string, at: number): Verdict | undefined {
    const entry = kept.get(key);
    if (entry === undefined) return undefined;
    // A clock set back must not lengthen the time.
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

  /** False for a flight that another has taken the place of: its verdict goes to those who waited, and is not kept. */
  function landed(key: string, flight: Flight): boolean {
    return flights.get(key) === flight && flights.delete(key);
  }

  return {
    async judge(key, verify) {
      const askedAt = now();
      const known = keptVerdict(key, askedAt);
      if (known !== undefined) return { ...known, milliseconds: 0 };
      const underWay = flights.get(key);
      const joinable = underWay !== undefined && Math.abs(askedAt - underWay.startedAt) < JOIN_LIMIT_MS;
      const flight = joinable ? underWay : startFlight(key, verify, askedAt);
      const verdict = await flight.verdict;
      return { ...verdict, milliseconds: Math.max(0, now() - askedAt) };
    },
  };
}

/** The end of a verdict's time, in milliseconds since 1970; in the past if it is not to be kept at all. */
function keepUntil(verdict: Verdict, from: number, ttl: { trustedTtlMs: number; deniedTtlMs: number }): number {
  if (verdict.provisional) return 0;
  if (verdict.status === "denied") return from + ttl.deniedTtlMs;
  if (verdict.status !== "trusted") return 0;
  const expiry = verdict.signature?.expiry;
  if (expiry === undefined) return from + ttl.trustedTtlMs;
  const expiresAt = Date.parse(expiry);
  return Number.isNaN(expiresAt) ? 0 : Math.min(from + ttl.trustedTtlMs, expiresAt);
}

import type { Ledger, LedgerVerdict } from "../../verifier/src/launch/ledger";

/** A ledger that remembers as long as the test. */
export function memoryLedger(): Ledger {
  const done = new Map<string, string>();
  const working = new Set<string>();
  const verdicts = new Map<string, LedgerVerdict[]>();
  const stops = new Map<string, number>();
  return {
    async once(task, key, work) {
      const id = `${task} ${key}`;
      const outcome = done.get(id);
      if (outcome !== undefined) return { state: "done", outcome, now: false };
      if (working.has(id)) return { state: "under-way" };
      working.add(id);
      try {
        const result = await work();
        done.set(id, result);
        return { state: "done", outcome: result, now: true };
      } finally {
        working.delete(id);
      }
    },
    async remember(task, verdict) {
      const others = (verdicts.get(task) ?? []).filter(
        ({ container, digest }) => container !== verdict.container || digest !== verdict.digest,
      );
      verdicts.set(task, [...others, verdict]);
    },
    verdictsOf: async (task) => verdicts.get(task) ?? [],
    async takeStop(cluster, budget) {
      const taken = stops.get(cluster) ?? 0;
      if (taken >= budget) return false;
      stops.set(cluster, taken + 1);
      return true;
    },
    async returnStop(cluster) {
      stops.set(cluster, (stops.get(cluster) ?? 0) - 1);
    },
  };
}

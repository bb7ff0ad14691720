import type { Ledger, LedgerVerdict, Once } from "../../verifier/src/reporting/ledger";
import { toMilestone } from "../../verifier/src/reporting/ledger/group-number";
import { windowAt } from "../../verifier/src/reporting/ledger/stop-window";
import { memorySignatures } from "./memory-signatures";

/**
 * A ledger that remembers as long as the test.
 *
 * @param now the time of day, in milliseconds since 1970; default: it stands still.
 */
export function memoryLedger(now: () => number = () => 0): Ledger {
  const done = new Map<string, string>();
  const working = new Set<string>();
  const verdicts = new Map<string, LedgerVerdict[]>();
  const stops = new Map<string, number>();
  const taken = new Map<string, readonly string[]>();
  const groups = new Map<string, { number: number; since: string; told: Map<number, string> }>();

  async function doOnce(id: string, work: () => Promise<string>): Promise<Once> {
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
  }

  return {
    once: (task, key, work) => doOnce(`${task} ${key}`, work),
    async stopOnce(task, key, { cluster, family, stops: most }, work) {
      const id = `${task} ${key}`;
      if (!taken.has(task) && !done.has(id) && !working.has(id)) {
        const budgets: readonly (readonly [string, number])[] = [
          [`${cluster} ${windowAt(now())}`, most],
          [`${cluster} ${family} ${windowAt(now())}`, Math.ceil(most / 2)],
        ];
        if (budgets.some(([name, limit]) => (stops.get(name) ?? 0) >= limit)) return { state: "over-budget" };
        for (const [name] of budgets) stops.set(name, (stops.get(name) ?? 0) + 1);
        taken.set(
          task,
          budgets.map(([name]) => name),
        );
      }
      return doOnce(id, () =>
        work(async () => {
          for (const name of taken.get(task) ?? []) stops.set(name, (stops.get(name) ?? 0) - 1);
        }),
      );
    },
    async remember(task, verdict) {
      const others = (verdicts.get(task) ?? []).filter(
        ({ container, digest }) => container !== verdict.container || digest !== verdict.digest,
      );
      verdicts.set(task, [...others, verdict]);
    },
    verdictsOf: async (task) => verdicts.get(task) ?? [],
    signatures: memorySignatures(),
    async outcomesOf(task, prefix) {
      const begin = `${task} ${prefix}`;
      const found = [...done].filter(([id]) => id.startsWith(begin));
      return found.map(([id, outcome]) => ({ key: id.slice(task.length + 1), outcome }));
    },
    async numberInGroup(group, member) {
      const id = `${group} ${Math.floor(now() / 3_600_000)}`;
      const counted = groups.get(id) ?? { number: 0, since: new Date(now()).toISOString(), told: new Map() };
      groups.set(id, counted);
      counted.number += 1;
      const milestone = toMilestone(counted.number);
      if (!counted.told.has(milestone)) counted.told.set(milestone, member);
      return {
        number: counted.number,
        since: counted.since,
        isTold: counted.told.get(milestone) === member,
      };
    },
  };
}

import type { FindingContext, FindingFacts } from "../../verifier/src/findings/finding-facts";
import type { FindingTable } from "../../verifier/src/findings/finding-table";
import { createFindings, type Findings } from "../../verifier/src/findings/findings";
import type { KnownFinding } from "../../verifier/src/findings/known-finding";
import type { Message } from "../../verifier/src/reporting/message";
import { type TestClock, testClock } from "./clock";
import { CLUSTER, DIGEST, EVENT_TIME, IMAGE, TASK, TASK_DEFINITION } from "./launch-events";
import { memoryLedger } from "./memory-ledger";
import { type TestHub, testHub } from "./security-hub";

export const CONTEXT: FindingContext = {
  environment: "prod",
  mode: "enforce",
  trust: { partition: "aws", account: "111122223333", region: "eu-west-1" },
};

/** An image without a signature in a service, with some of its facts replaced. */
export function findingFacts(changes: Partial<FindingFacts> = {}): FindingFacts {
  return {
    cluster: CLUSTER,
    group: "service:shop",
    taskDefinition: TASK_DEFINITION,
    container: "web",
    reference: `${IMAGE}@${DIGEST}`,
    digest: DIGEST,
    task: TASK,
    status: "denied",
    code: "no-signature",
    detail: "the registry lists no signature",
    signers: [],
    ...changes,
  };
}

/** A table of findings that remembers as long as the test, and can be out of reach. */
export interface MemoryFindings extends FindingTable {
  readonly all: Map<string, KnownFinding>;
  isReached: boolean;
}

export function memoryFindings(): MemoryFindings {
  const all = new Map<string, KnownFinding>();
  const table: MemoryFindings = {
    all,
    isReached: true,
    readAll: async () => (table.isReached ? [...all.values()] : "unreached"),
    read: async (id) => (table.isReached ? all.get(id) : "unreached"),
    async write(finding, before) {
      if (!table.isReached) return "unreached";
      const known = all.get(finding.id);
      if (known?.updatedAt !== before?.updatedAt) return "changed";
      const { sentAt: _, ...wanted } = finding;
      all.set(finding.id, { ...known, ...wanted });
      return "written";
    },
    async markSent({ id, updatedAt }) {
      const known = all.get(id);
      if (table.isReached && known?.updatedAt === updatedAt) all.set(id, { ...known, sentAt: updatedAt });
    },
  };
  return table;
}

/** Findings of the tests: everything that they did is at hand. */
export interface TestFindings extends Findings {
  readonly hub: TestHub;
  readonly clock: TestClock;
  readonly announced: Message[];
  readonly failures: string[];
  /** Each number of findings that could not be sent. */
  readonly unsent: number[];
}

export function testFindings({
  hub = testHub(),
  table = memoryFindings(),
  clock = testClock(EVENT_TIME),
  context = CONTEXT,
}: {
  readonly hub?: TestHub;
  readonly table?: FindingTable;
  readonly clock?: TestClock;
  readonly context?: FindingContext;
} = {}): TestFindings {
  const [announced, failures, unsent]: [Message[], string[], number[]] = [[], [], []];
  const findings = createFindings({
    context,
    client: hub.client,
    table,
    ledger: memoryLedger(clock.now),
    delivery: { announce: async (message) => void announced.push(message) },
    log: { failure: (what, error) => void failures.push(`${what}: ${error.message}`) },
    now: clock.now,
    onUnsent: (count) => void unsent.push(count),
  });
  return { ...findings, hub, clock, announced, failures, unsent };
}

import type { Service } from "@aws-sdk/client-ecs";
import type { Ledger } from "../../reporting/ledger";

/** How often a service was seen with the gate's hook after it had none, and how often without it after it had one. */
export interface GateHistory {
  readonly attached: number;
  readonly removed: number;
}

/** What the keeper remembers between its runs. Each method rejects with {@link LedgerUnavailableError}. */
export interface KeeperMemory {
  historyOf(service: Service): Promise<GateHistory>;
  /** The service has the hook now. */
  noteGated(service: Service): Promise<void>;
  /** The service has no hook any more, and people were told. */
  noteRemoved(service: Service): Promise<void>;
  /** Whether no other removal by this caller was told within this hour. */
  isFirstRemovalBy(caller: string): Promise<boolean>;
  /** Whether {@link noteStopped} was called today. */
  isStopped(): Promise<boolean>;
  /** Nothing may be attached any more today. */
  noteStopped(why: string): Promise<void>;
}

/** What was done before is not known, so nothing may be done. */
export class LedgerUnavailableError extends Error {
  override readonly name = "LedgerUnavailableError";
}

const ATTACHED = "gate-attached";
const REMOVED = "gate-removed";
const STOPPED = "keeper-stopped";

export interface MemoryOptions {
  /** Makes the ledger, which calls back for each call that failed. */
  readonly connect: (onUnavailable: (reason: string) => void) => Pick<Ledger, "once" | "outcomesOf">;
  /** ARN of the gate's hook target. */
  readonly targetArn: string;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** The keeper's memory in the ledger. Its calls must follow one another. */
export function createKeeperMemory({ connect, targetArn, now }: MemoryOptions): KeeperMemory {
  const failures: string[] = [];
  const ledger = connect((reason) => void failures.push(reason));
  /** Services of which this process knows that they are noted as gated: their entries need not be read again. */
  const gated = new Set<string>();

  /** The ledger goes on without its table; the keeper must not. */
  async function reached<T>(call: () => Promise<T>): Promise<T> {
    failures.length = 0;
    const answer = await call();
    const [failure] = failures;
    if (failure !== undefined) throw new LedgerUnavailableError(`The ledger could not be reached: ${failure}`);
    return answer;
  }

  async function historyOf(service: Service): Promise<GateHistory> {
    const { arn, created } = identify(service);
    const count = async (what: string) => (await reached(() => ledger.outcomesOf(arn, `${what}#${created}#`))).length;
    return { attached: await count(ATTACHED), removed: await count(REMOVED) };
  }

  async function note(service: Service, what: string, number: number): Promise<void> {
    const { arn, created } = identify(service);
    await reached(() => ledger.once(arn, `${what}#${created}#${number}`, async () => toIso(now())));
  }

  const dayKey = () => `${STOPPED}#${toIso(now()).slice(0, 10)}`;

  return {
    historyOf,
    async noteGated(service) {
      const id = Object.values(identify(service)).join("#");
      if (gated.has(id)) return;
      const { attached, removed } = await historyOf(service);
      if (attached <= removed) await note(service, ATTACHED, removed + 1);
      gated.add(id);
    },
    async noteRemoved(service) {
      gated.delete(Object.values(identify(service)).join("#"));
      const { attached, removed } = await historyOf(service);
      if (attached > removed) await note(service, REMOVED, removed + 1);
    },
    async isFirstRemovalBy(caller) {
      const key = `${REMOVED}-by#${toIso(now()).slice(0, 13)}#${caller}`;
      const told = await reached(() => ledger.once(targetArn, key, async () => toIso(now())));
      return told.state === "done" && told.now;
    },
    isStopped: async () => (await reached(() => ledger.outcomesOf(targetArn, dayKey()))).length > 0,
    noteStopped: async (why) => void (await reached(() => ledger.once(targetArn, dayKey(), async () => why))),
  };
}

/** A service that was deleted and made again under its name is another one. */
function identify({ serviceArn = "", createdAt }: Service) {
  return { arn: serviceArn, created: createdAt?.toISOString() ?? "unknown" };
}

function toIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

import type { Service } from "@aws-sdk/client-ecs";
import type { Ledger } from "../../reporting/ledger";

/** How often a service was seen with the gate's hook after it had none, and how often without it after it had one. */
export interface GateHistory {
  readonly attached: number;
  readonly removed: number;
}

/** What the keeper remembers between its runs. Each method rejects with `LedgerUnavailableError`. */
export interface KeeperMemory {
  historyOf(service: Service): Promise<GateHistory>;
  /** The service has the hook now. */
  noteGated(service: Service): Promise<void>;
  /** The service has no hook any more, and people were told. */
  noteRemoved(service: Service): Promise<void>;
  /** Tells of a removal by a caller unless another one by the same was told within this hour. Rejects if that fails. */
  onceAnHour(caller: string, tell: () => Promise<void>): Promise<void>;
  /** Whether {@link noteStopped} was called today. */
  isStopped(): Promise<boolean>;
  /** Nothing may be attached any more today. */
  noteStopped(why: string): Promise<void>;
}

const ATTACHED = "attached";
const REMOVED = "removed";

export interface MemoryOptions {
  /** With `refuseWithoutLedger` for calls that fail. */
  readonly ledger: Pick<Ledger, "once" | "outcomesOf">;
  /** ARN of the gate's hook target. */
  readonly targetArn: string;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** The keeper's memory in the ledger. */
export function createKeeperMemory({ ledger, targetArn, now }: MemoryOptions): KeeperMemory {
  async function historyOf(service: Service): Promise<GateHistory> {
    const { arn, prefix } = identify(service);
    const outcomes = await ledger.outcomesOf(arn, prefix);
    const count = (what: string) => outcomes.filter(({ key }) => key.startsWith(`${prefix}${what}#`)).length;
    return { attached: count(ATTACHED), removed: count(REMOVED) };
  }

  async function note(service: Service, what: string, number: number): Promise<void> {
    const { arn, prefix } = identify(service);
    await ledger.once(arn, `${prefix}${what}#${number}`, async () => toIso(now()));
  }

  const dayKey = () => `keeper-stopped#${toIso(now()).slice(0, 10)}`;

  return {
    historyOf,
    async noteGated(service) {
      const { attached, removed } = await historyOf(service);
      if (attached <= removed) await note(service, ATTACHED, removed + 1);
    },
    async noteRemoved(service) {
      const { attached, removed } = await historyOf(service);
      if (attached > removed) await note(service, REMOVED, removed + 1);
    },
    async onceAnHour(caller, tell) {
      await ledger.once(targetArn, `gate-removed-by#${toIso(now()).slice(0, 13)}#${caller}`, async () => {
        await tell();
        return toIso(now());
      });
    },
    isStopped: async () => (await ledger.outcomesOf(targetArn, dayKey())).length > 0,
    noteStopped: async (why) => void (await ledger.once(targetArn, dayKey(), async () => why)),
  };
}

/** A service that was deleted and made again under its name is another one. */
function identify({ serviceArn = "", createdAt }: Service) {
  return { arn: serviceArn, prefix: `gate#${createdAt?.toISOString() ?? "unknown"}#` };
}

function toIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

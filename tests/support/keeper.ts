import { createChangeHooks } from "../../verifier/src/gate/attachment/change-hooks";
import type { KeeperEnvironment } from "../../verifier/src/gate/keeper/environment";
import type { Remover } from "../../verifier/src/gate/keeper/find-removers";
import type { GateState, Keeper } from "../../verifier/src/gate/keeper/keeper";
import { createKeeperMemory } from "../../verifier/src/gate/keeper/memory";
import type { Ledger } from "../../verifier/src/reporting/ledger";
import { refuseWithoutLedger } from "../../verifier/src/reporting/ledger/unavailable";
import type { Message } from "../../verifier/src/reporting/message";
import { type TestClock, testClock } from "./clock";
import type { FakeEcs } from "./fake-ecs";
import { GATE } from "./gate-hooks";
import { memoryLedger } from "./memory-ledger";

export const KEEPER_ENVIRONMENT: KeeperEnvironment = {
  environment: "prod",
  attach: "all",
  services: [],
  watchedClusters: undefined,
  targetArn: GATE.targetArn,
  roleArn: GATE.roleArn,
  mode: "enforce",
  enforced: [],
  ledgerTable: "ledger",
  ordersTable: "orders",
  ordersKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e",
  openHours: 8,
  topicArn: "arn:aws:sns:eu-west-1:111122223333:topic",
  runbookUrl: undefined,
};

/** A keeper on the stand-in for ECS, with all that it told and counted. */
export interface TestKeeper extends Keeper {
  readonly clock: TestClock;
  readonly messages: readonly Message[];
  readonly errors: readonly (readonly [what: string, error: unknown])[];
  /** The metrics so far: names with their values, and `name/reason` for those by reason. */
  readonly counted: ReadonlyMap<string, number>;
}

/** What a test decides about the world around. */
export interface KeeperWorld {
  gate: GateState;
  ledgerFails: boolean;
  topicFails: boolean;
  open: string;
  removers: ReadonlyMap<string, Remover> | "fails";
}

export function keeperWorld(): KeeperWorld {
  return { gate: { state: "active" }, ledgerFails: false, topicFails: false, open: "", removers: new Map() };
}

export function testKeeper(
  ecs: FakeEcs,
  world: KeeperWorld,
  changes: Partial<KeeperEnvironment> = {},
  stored: Pick<Ledger, "once" | "outcomesOf"> = memoryLedger(),
): TestKeeper {
  const clock = testClock(new Date("2026-11-27T08:00:00Z"));
  const messages: Message[] = [];
  const errors: (readonly [string, unknown])[] = [];
  const counted = new Map<string, number>();
  const count = (name: string, number: number) => void counted.set(name, (counted.get(name) ?? 0) + number);
  return {
    clock,
    messages,
    errors,
    counted,
    environment: { ...KEEPER_ENVIRONMENT, ...changes },
    ecs: ecs.client,
    changeHooks: createChangeHooks({ ecs: ecs.client, now: clock.now, pause: clock.pass }),
    memory: createKeeperMemory({
      ledger: {
        once: async (task, key, work) =>
          world.ledgerFails ? refuseWithoutLedger("TimeoutError: no answer") : stored.once(task, key, work),
        outcomesOf: async (task, prefix) =>
          world.ledgerFails ? refuseWithoutLedger("TimeoutError: no answer") : stored.outcomesOf(task, prefix),
      },
      targetArn: GATE.targetArn,
      now: clock.now,
    }),
    isOpen: async (service) => service === world.open,
    readGateState: async () => world.gate,
    findRemovers: async () => {
      if (world.removers === "fails") throw new Error("AccessDenied");
      return world.removers;
    },
    announce: async (message) => {
      if (world.topicFails) throw new Error("the topic is gone");
      messages.push(message);
    },
    metrics: {
      counted(gated, notGated) {
        counted.set("ServicesGated", gated);
        for (const [reason, number] of notGated) counted.set(`ServicesNotGated/${reason}`, number);
      },
      gateRemoved: (number) => count("GateRemoved", number),
      gateNotActive: () => count("GateNotActive", 1),
      keeperFailed: () => count("KeeperFailed", 1),
    },
    log: { info: () => {}, error: (what, error) => void errors.push([what, error]) },
  };
}

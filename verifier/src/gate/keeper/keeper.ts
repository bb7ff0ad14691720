import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Message } from "../../reporting/message";
import type { ChangeHooks } from "../attachment/change-hooks";
import type { KeeperEnvironment } from "./environment";
import type { Remover, UpdatedService } from "./find-removers";
import type { KeeperMemory } from "./memory";
import type { KeeperMetrics } from "./metrics";

/** Whether the gate's function can answer; with what is the matter if not. */
export type GateState =
  | { readonly state: "active" }
  | { readonly state: "not-active" | "unknown"; readonly why: string };

/** The log on standard output. */
export interface KeeperLog {
  info(message: string, details: object): void;
  error(message: string, error: unknown): void;
}

/** A keeper that was put together. */
export interface Keeper {
  readonly environment: KeeperEnvironment;
  readonly ecs: ECSClient;
  readonly changeHooks: ChangeHooks;
  readonly memory: KeeperMemory;
  /** Whether an opening of the gate is in force for a service. */
  readonly isOpen: (serviceArn: string) => Promise<boolean>;
  readonly readGateState: () => Promise<GateState>;
  /** Who has changed the hooks of services, by their ARNs, as far as that can be found out. */
  readonly findRemovers: (services: readonly UpdatedService[]) => Promise<ReadonlyMap<string, Remover>>;
  /** Sends a message to all who get alarms. */
  readonly announce: (message: Message) => Promise<void>;
  readonly metrics: KeeperMetrics;
  readonly log: KeeperLog;
}

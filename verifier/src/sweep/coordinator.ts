import type { ECSClient } from "@aws-sdk/client-ecs";
import type { SubjectsContext } from "../ecs/subjects";
import type { CanaryTask } from "../reporting/canary";
import type { Finisher } from "./finish-sweep";
import type { Pace } from "./pace";
import type { RunStore } from "./run-store";
import type { SweepSummary } from "./sweep-summary";

/** A sweep's coordinator that was put together. */
export interface SweepCoordinator {
  readonly ecs: ECSClient;
  /** For the calls that read tasks. */
  readonly pace: Pace;
  readonly subjects: SubjectsContext;
  readonly runs: RunStore;
  /** The ARNs of the clusters to watch, now. */
  readonly listClusters: () => Promise<readonly string[]>;
  /** The summary of the last sweep that ended. */
  readonly readLastSummary: () => Promise<SweepSummary | undefined>;
  /** Puts images of a run on the queue. */
  readonly sendImages: (run: string, keys: readonly string[]) => Promise<void>;
  /** Has another invocation go on with the run. */
  readonly goOnLater: (run: string) => Promise<void>;
  /** The canary's task, which is not reported. */
  readonly canary: CanaryTask | undefined;
  readonly finisher: Finisher;
  readonly log: SweepLog;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
}

/** The log on standard output. */
export interface SweepLog {
  info(message: string, details: object): void;
  error(message: string, error: unknown): void;
}

import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Settings } from "../baked-settings";
import type { Responder } from "../detector/respond";
import type { SubjectsContext } from "../ecs/subjects";
import type { Reporter } from "../reporting/reporter";
import type { Judge } from "../verification/judge";
import type { Finisher } from "./finish-sweep";
import type { SweepMode } from "./mode";
import type { RunStore } from "./run-store";

/** A sweep's worker that was put together. */
export interface SweepWorker extends Reporter {
  readonly settings: Settings;
  readonly mode: SweepMode;
  readonly ecs: ECSClient;
  readonly subjects: SubjectsContext;
  readonly runs: RunStore;
  /** Keeps to the sweep's pace. */
  readonly judge: Judge;
  /** Stops tasks, as the launch detector does. */
  readonly respond: Responder;
  readonly finisher: Finisher;
  /** Waits for this many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

import { withoutUndefined } from "../../../trust/text/without-undefined";
import { type Waiting, waitingDetails } from "./waiting";

/** The response to ECS. `callBackDelay` is in seconds (ECS developer guide, "Lambda lifecycle hooks"). */
export interface HookAnswer {
  readonly hookStatus: "SUCCEEDED" | "FAILED" | "IN_PROGRESS";
  readonly callBackDelay?: number;
  readonly hookDetails?: Readonly<Record<string, unknown>>;
}

export const SUCCEEDED: HookAnswer = { hookStatus: "SUCCEEDED" };
export const FAILED: HookAnswer = { hookStatus: "FAILED" };

const SHORTEST_DELAY_SECONDS = 5;
const LONGEST_DELAY_SECONDS = 30;

/** Asks ECS to call again: soon at first, then less often, and not later than the end of the wait. */
export function askAgain(waiting: Waiting, waitedSeconds: number, giveUpAfterSeconds: number): HookAnswer {
  const left = Math.max(1, Math.ceil(giveUpAfterSeconds - waitedSeconds));
  const delay = Math.min(LONGEST_DELAY_SECONDS, Math.max(SHORTEST_DELAY_SECONDS, Math.ceil(waitedSeconds / 2)), left);
  return withoutUndefined({
    hookStatus: "IN_PROGRESS",
    callBackDelay: delay,
    hookDetails: waitingDetails(waiting),
  } as const);
}

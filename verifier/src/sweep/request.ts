import * as z from "zod";

const requestSchema = z.strictObject({
  ecsImageVerification: z.literal("sweep"),
  /** The time for which the sweep was scheduled, in ISO format: the name of the run. */
  run: z.iso.datetime(),
});

/** The request for a sweep: by the schedule to begin a run, and by the function itself to go on with it. */
export type SweepRequest = Readonly<z.infer<typeof requestSchema>>;

/**
 * What EventBridge Scheduler replaces by the time of the schedule, such as `2026-11-27T12:00:00Z` (EventBridge Scheduler user guide,
 * "Adding context attributes"). All attempts of one invocation have the same, so that a retry goes on with the same run.
 */
export const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/**
 * What the function is invoked with.
 *
 * @param run The name of the run, or {@link SCHEDULED_TIME} in a schedule.
 */
export function sweepRequest(run: string): SweepRequest {
  return { ecsImageVerification: "sweep", run };
}

/** Reads what the function was invoked with; undefined if it is something else. */
export function parseSweepRequest(event: unknown): SweepRequest | undefined {
  return requestSchema.safeParse(event).data;
}

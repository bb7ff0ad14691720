import * as z from "zod";

const requestSchema = z.strictObject({ check: z.literal("gate") });

/** The request with which a schedule keeps the function of the gate awake: an idle image function rejects its first call. */
export const HEARTBEAT_REQUEST: Readonly<z.infer<typeof requestSchema>> = { check: "gate" };

/** Whether the function was invoked with that request: no call of ECS has this key. */
export function isHeartbeat(event: unknown): boolean {
  return requestSchema.safeParse(event).success;
}

import * as z from "zod";

const requestSchema = z.strictObject({ check: z.literal("findings") });

/** The request with which a schedule invokes the function, to send the findings that Security Hub does not have yet. */
export const FINDINGS_CHECK_REQUEST: Readonly<z.infer<typeof requestSchema>> = { check: "findings" };

/** Whether the function was invoked with that request: no event of EventBridge or SQS has this key. */
export function isFindingsCheckRequest(event: unknown): boolean {
  return requestSchema.safeParse(event).success;
}

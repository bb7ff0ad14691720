import * as z from "zod";

const requestSchema = z.strictObject({ check: z.literal("orders") });

/** The request with which a schedule invokes the function, to tell people of break-glass exemptions that have ended. */
export const ORDER_CHECK_REQUEST: Readonly<z.infer<typeof requestSchema>> = { check: "orders" };

/** Whether the function was invoked with that request: no event of EventBridge or SQS has this key. */
export function isOrderCheckRequest(event: unknown): boolean {
  return requestSchema.safeParse(event).success;
}

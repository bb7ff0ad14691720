import * as z from "zod";
import { orderSchema, withoutSchema } from "./record-schema";

/** The use of an exemption, as the ledger keeps it. */
export const orderUseSchema = z.object({
  order: orderSchema,
  without: withoutSchema,
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  cluster: z.string(),
  /** ARN of the task, or of the service deployment. */
  task: z.string(),
  container: z.string(),
  image: z.string(),
  digest: z.string(),
});

/** The first container that ran because of a break-glass exemption. */
export type OrderUse = Readonly<z.infer<typeof orderUseSchema>>;

/** What a message about an exemption reports. */
export interface OrderNews {
  readonly event: "first-use" | "ended";
  readonly use: OrderUse;
}

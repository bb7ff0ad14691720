import * as z from "zod";
import { eachOnce, oneOf, textLike, wholeNumber } from "../trust/text/fields";
import { LONGEST_OPENING_HOURS } from "../verifier/src/gate/environment";
import { ATTACH_SETTINGS } from "../verifier/src/gate/hook";
import { clusterArn, orderPrincipals } from "./arn-fields";

const serviceArn = textLike(
  /^arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:service\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/,
  "the ARN of a service, such as arn:aws:ecs:eu-west-1:111122223333:service/web/shop",
);

const services = eachOnce(serviceArn, (arn) => arn, "a service");

const openings = z.strictObject({
  maxHours: wholeNumber(1, LONGEST_OPENING_HOURS, "hours").default(8),
  principals: orderPrincipals,
});

const enforce = z.strictObject({
  clusters: eachOnce(clusterArn, (arn) => arn, "a cluster")
    .min(1)
    .optional(),
  services: services.min(1).optional(),
});

/** The deployment gate. Without the key there is none. docs/configuration.md explains each key. */
export const gate = z.strictObject({
  mode: oneOf("audit", "enforce").default("audit"),
  attach: oneOf(...ATTACH_SETTINGS).default("none"),
  services: services.default([]),
  enforce: enforce.prefault({}),
  acceptTasksStopped: z.boolean().default(false),
  ownerTag: textLike(
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
    "the key of a tag: 1 to 128 letters, digits, spaces and _.:/=+-@",
  ).optional(),
  // One message for all forms, as for breakGlass. order-values.ts says what is allowed.
  reservedConcurrency: z
    .union([z.literal("none"), wholeNumber(1, 1000)], { error: () => "must be a number of invocations, or none" })
    .default(10),
  open: z.union([z.literal(false), openings], { error: () => "must be false, or a mapping" }).default({ maxHours: 8 }),
});

/** How long an order may open the gate, in hours; 0 where none may. */
export function openHours({ open }: Pick<z.infer<typeof gate>, "open">): number {
  return open === false ? 0 : open.maxHours;
}

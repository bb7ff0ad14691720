import * as z from "zod";
import { digestGrammar } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { ID_PATTERN, IMAGE_PATTERN, OWNER_PATTERN, REASON_PATTERN } from "./grammar";
import { proofBytes, textLike, timeText } from "./item-fields";

/** Kinds of orders: `block` stops an image, `exempt` lets it run for some hours. */
export const ORDER_KINDS = ["block", "exempt"] as const;

export type OrderKind = (typeof ORDER_KINDS)[number];

/** An order of the moment for one digest. Times are ISO 8601 in UTC, with milliseconds. */
export interface Order {
  readonly kind: OrderKind;
  readonly id: string;
  readonly digest: string;
  /** The repository that the giver named. Only for people to read: the order applies to the digest in every repository. */
  readonly image: string;
  readonly from: string;
  /** When it ends. A block may have no end. */
  readonly until?: string;
  /** Who answers for it. A block may have none: CloudTrail says who gave it. */
  readonly owner?: string;
  readonly reason: string;
}

/** An order as it is in the table: with its proof, which has not been checked yet. */
export interface WrittenOrder {
  readonly order: Order;
  readonly proof: Uint8Array;
}

const itemSchema = z.object({
  kind: z.object({ S: z.enum(ORDER_KINDS) }).transform(({ S }) => S),
  id: textLike(ID_PATTERN),
  digest: textLike(digestGrammar),
  image: textLike(IMAGE_PATTERN),
  from: timeText,
  until: timeText.optional(),
  owner: textLike(OWNER_PATTERN).optional(),
  reason: textLike(REASON_PATTERN),
  proof: proofBytes,
});

/**
 * Reads an item of the table, which may have been written by anyone with access to it.
 *
 * @param digest the digest that was asked for.
 * @returns the order; or, if the item is not an order, what is wrong with it, as text without any of its contents.
 */
export function parseOrder(item: unknown, digest: string): WrittenOrder | string {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) {
    const fields = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "the whole")));
    return `unreadable: ${[...fields].join(", ")}`;
  }
  const { proof, ...fields } = parsed.data;
  const order: Order = withoutUndefined(fields);
  if (order.digest !== digest) return "about another digest";
  if (order.until !== undefined && order.until <= order.from) return "ends before it begins";
  if (order.kind === "exempt" && (order.until === undefined || order.owner === undefined)) {
    return "an exemption without an end or an owner";
  }
  return { order, proof };
}

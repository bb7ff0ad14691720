import * as z from "zod";
import { digestGrammar } from "../../../trust/reference";
import { withoutUndefined } from "../../../trust/text/without-undefined";
import { ID_PATTERN, IMAGE_PATTERN, OWNER_PATTERN, REASON_PATTERN } from "./grammar";

/** Kinds of orders: `block` stops an image, `exempt` lets it run for some hours. */
export const ORDER_KINDS = ["block", "exempt"] as const;

export type OrderKind = (typeof ORDER_KINDS)[number];

const PROOF_BYTES = 2048;

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

const text = (pattern: RegExp) => z.object({ S: z.string().regex(pattern) }).transform(({ S }) => S);
const time = z.object({ S: z.string().refine(isTime) }).transform(({ S }) => S);

const itemSchema = z.object({
  kind: z.object({ S: z.enum(ORDER_KINDS) }).transform(({ S }) => S),
  id: text(ID_PATTERN),
  digest: text(digestGrammar),
  image: text(IMAGE_PATTERN),
  from: time,
  until: time.optional(),
  owner: text(OWNER_PATTERN).optional(),
  reason: text(REASON_PATTERN),
  proof: z
    .object({ B: z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length <= PROOF_BYTES) })
    .transform(({ B }) => B),
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

/** Whether a text is exactly what `toISOString` writes, so that times can be compared as texts. */
function isTime(value: string): boolean {
  const at = Date.parse(value);
  return !Number.isNaN(at) && new Date(at).toISOString() === value;
}

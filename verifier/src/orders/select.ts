import { CLOCK_SKEW_MS, isOver } from "./decide";
import { parseOrder, type WrittenOrder } from "./order";

/** How many orders about one digest are looked at. People do not give more at a time. */
export const MOST_ORDERS = 25;

/** The items about a digest that may count now, in the order in which they are looked at. */
export interface Selection {
  readonly written: readonly WrittenOrder[];
  /** Why others do not count. What has simply ended is not among them. */
  readonly refused: readonly string[];
}

/**
 * Selects the items about a digest that may be in force now, blocks first: what has ended, or what is no order here, must
 * not take the place of a block.
 *
 * @param now The time of day, in milliseconds since 1970.
 */
export function selectOrders(
  items: readonly unknown[],
  digest: string,
  { now, exemptionHours }: { readonly now: number; readonly exemptionHours: number },
): Selection {
  const refused: string[] = [];
  const written = items.flatMap((item): readonly WrittenOrder[] => {
    const parsed = parseOrder(item, digest);
    if (typeof parsed === "string") {
      refused.push(parsed);
      return [];
    }
    const { id, kind, from } = parsed.order;
    if (isOver(parsed.order, now)) return [];
    if (kind === "exempt" && exemptionHours === 0) return [];
    if (Date.parse(from) <= now + CLOCK_SKEW_MS) return [parsed];
    // The commands give orders from now on only.
    refused.push(`${id}: begins in the future`);
    return [];
  });
  const blocksFirst = written.toSorted((one, other) => rank(one) - rank(other));
  if (written.length > MOST_ORDERS) refused.push(`${written.length} orders about one digest`);
  return { written: blocksFirst.slice(0, MOST_ORDERS), refused };
}

function rank({ order }: WrittenOrder): number {
  return order.kind === "block" ? 0 : 1;
}

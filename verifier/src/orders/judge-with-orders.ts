import { formatReference, ReferenceInvalidError, readReference } from "../../../trust/reference";
import type { Judge } from "../verification/judge";
import type { Subject } from "../verification/subject";
import { applyOrders, blocked, findBlock } from "./decide";
import type { Orders } from "./orders";

/**
 * A judge that obeys orders of the moment. It is outside of the verdict cache, so an order applies from its beginning to its
 * end regardless of cached verdicts, and a block takes precedence over the exemptions of the trust document and over the
 * verification. Orders are read in parallel with the verification, and a block does not wait for it. For a reference with only
 * a tag, the orders for the digest that the verification found apply. Without a digest, none apply.
 *
 * @param now The time of day, in milliseconds since 1970.
 */
export function withOrders(judge: Judge, orders: Orders, now: () => number): Judge {
  return async (subject) => {
    const startedAt = now();
    const judging = judge(subject);
    // It may fail while the orders are read. The code below that awaits it gets the error.
    judging.catch(() => {});
    if (subject.digest !== undefined) {
      const found = await orders.of(subject.digest);
      const block = findBlock(found, now());
      if (block !== undefined) {
        const milliseconds = Math.max(0, now() - startedAt);
        const reference = referenceOf(subject);
        return blocked({ reference, provisional: false, milliseconds }, block);
      }
      return applyOrders(await judging, found, now());
    }
    const verdict = await judging;
    if (verdict.digest === undefined) return verdict;
    return applyOrders(verdict, await orders.of(verdict.digest), now());
  };
}

/** The reference with the digest that is judged, as the judge writes it. */
export function referenceOf(subject: Subject): string {
  if (subject.kind !== "image") return "";
  const { image = "", digest } = subject;
  const reference = readReference(image);
  if (reference instanceof ReferenceInvalidError) return image;
  return formatReference(digest === undefined ? reference : { ...reference, digest });
}

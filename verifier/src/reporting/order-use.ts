import { parseJson } from "../../../trust/text/parse-json";
import { describeAwsError } from "../aws-error";
import type { Orders } from "../orders/orders";
import { formatOrderMessage } from "./order-message";
import { type OrderNews, type OrderUse, orderUseSchema } from "./order-news";
import { recordedArn, type VerdictRecord } from "./record-schema";
import type { Reporter } from "./reporter";

/** The ledger's partition for orders, beside those for tasks. */
const PARTITION = "orders";
const FIRST_USE = "first-use#";
const ENDED = "ended#";

/**
 * Reports the first container that runs because of a break-glass exemption, once for each exemption. The ledger keeps the
 * use, for {@link tellEndedOrders}.
 *
 * @returns what could not be delivered.
 */
export async function tellFirstUse(reporter: Reporter, record: VerdictRecord): Promise<readonly Error[]> {
  const { order, without, digest } = record;
  if (order === undefined || without === undefined || digest === undefined) return [];
  const { environment, account, region, cluster, container, image } = record;
  const task = recordedArn(record);
  const use: OrderUse = { order, without, environment, account, region, cluster, task, container, image, digest };
  return tellOnce(reporter, FIRST_USE, { event: "first-use", use });
}

/**
 * Reports the exemptions that have been used and have ended since, once each: their time is over, or somebody has ended
 * them. The end of an exemption that was never used is not reported, because that exemption changed nothing.
 *
 * @returns what could not be delivered; the next call tries it again.
 */
export async function tellEndedOrders(reporter: Reporter, orders: Pick<Orders, "written">): Promise<readonly Error[]> {
  const { ledger, now } = reporter;
  const [used, told] = await Promise.all([
    ledger.outcomesOf(PARTITION, FIRST_USE),
    ledger.outcomesOf(PARTITION, ENDED),
  ]);
  const isTold = new Set(told.map(({ key }) => key.slice(ENDED.length)));
  const errors: Error[] = [];
  for (const { outcome } of used) {
    const use = orderUseSchema.safeParse(parseJson(outcome)).data;
    if (use === undefined || isTold.has(use.order.id) || !(await hasEnded(use, orders, now()))) continue;
    errors.push(...(await tellOnce(reporter, ENDED, { event: "ended", use })));
  }
  return errors;
}

/** An order is not taken for ended because the table cannot be read. */
async function hasEnded({ order, digest }: OrderUse, orders: Pick<Orders, "written">, now: number): Promise<boolean> {
  if (order.until !== undefined && Date.parse(order.until) <= now) return true;
  const written = await orders.written(digest);
  return written !== undefined && !written.has(order.id);
}

async function tellOnce(reporter: Reporter, prefix: string, news: OrderNews): Promise<readonly Error[]> {
  const { ledger, delivery, log, metrics, runbookUrl } = reporter;
  const { id } = news.use.order;
  try {
    await ledger.once(PARTITION, `${prefix}${id}`, async () => {
      await delivery.announce(formatOrderMessage(news, runbookUrl));
      log.order(news);
      return JSON.stringify(news.use);
    });
    return [];
  } catch (cause) {
    metrics.deliveryFailed();
    const why = describeAwsError(cause);
    const error = new Error(`The ${news.event} of the order ${id} could not be reported: ${why}`, { cause });
    log.failure(error.message, error);
    return [error];
  }
}

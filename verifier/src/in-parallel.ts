/**
 * Works on several items at a time and gives the results in the order of the items. A slow one holds up no other.
 *
 * @param limit how many at a time.
 * @param work what is done with each. A rejection ends the results when its turn comes, and nothing new begins.
 */
export async function* inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting: (() => void)[] = [];
  const results = items.map(async (item, index) => {
    if (index >= limit) await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work(item);
    } finally {
      waiting.shift()?.();
    }
  });
  // A later one may fail before its turn.
  for (const result of results) result.catch(() => {});
  try {
    for (const result of results) yield await result;
  } finally {
    waiting.length = 0;
  }
}

/**
 * Does some work for each item, for several at a time.
 *
 * @param limit how many at a time.
 * @throws the first failure in the order of the items. Nothing new begins after it is known.
 */
export async function eachInParallel<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for await (const _ of inParallel(items, limit, work));
}

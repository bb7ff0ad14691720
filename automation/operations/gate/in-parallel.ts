/**
 * Works on several items at a time and gives the results in the order of the items.
 *
 * @param limit how many at a time.
 * @param work what is done with each. A rejection ends the results, when its turn comes.
 */
export async function* inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  for (const item of items) {
    const result = work(item);
    // A later one may fail before its turn.
    result.catch(() => {});
    pending.push(result);
    const [first] = pending;
    if (pending.length < limit || first === undefined) continue;
    pending.shift();
    yield await first;
  }
  for (const result of pending) yield await result;
}

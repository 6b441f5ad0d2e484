/** How work on one item ended. */
export type Ended<T, R> =
  | { readonly kind: 'done'; readonly item: T; readonly value: R }
  | { readonly kind: 'failed'; readonly item: T; readonly thrown: unknown };

/** Works on all items, at most `limit` at once, and returns how each ended, in their order; one that fails stops no other. */
export async function settleAll<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly Ended<T, R>[]> {
  const ended: Ended<T, R>[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [place, item] of waiting) ended[place] = await endOf(item, work);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return ended;
}

async function endOf<T, R>(item: T, work: (item: T) => Promise<R>): Promise<Ended<T, R>> {
  try {
    return { kind: 'done', item, value: await work(item) };
  } catch (thrown) {
    return { kind: 'failed', item, thrown };
  }
}

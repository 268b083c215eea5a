import { setImmediate as turn } from 'node:timers/promises';

/** The same items; while one is worked on, the next one is made. Two are in memory at a time. */
export async function* oneAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      // Behind what the caller does at once with this item: it is sent first, and the receiver has something to do meanwhile.
      next = turn().then(() => iterator.next());
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrderedPrefix } from './ordered-prefix.js';

test('the cursor waits for the item before', () => {
  const prefix = new OrderedPrefix<string>();
  const [a, b, c] = [prefix.begin('a'), prefix.begin('b'), prefix.begin('c')];
  expect(c.finish()).toBeUndefined();
  expect(prefix.pending).toBe(3);
  expect(a.finish()).toBe('a');
  expect(b.finish()).toBe('c');
  expect(prefix.pending).toBe(0);
});

test('finishing again moves nothing', () => {
  const prefix = new OrderedPrefix<number>();
  const first = prefix.begin(1);
  prefix.begin(2);
  expect(first.finish()).toBe(1);
  expect(first.finish()).toBeUndefined();
  expect(prefix.pending).toBe(1);
});

test('items begun later queue behind those still open', () => {
  const prefix = new OrderedPrefix<number>();
  const first = prefix.begin(1);
  const second = prefix.begin(2);
  expect(second.finish()).toBeUndefined();
  const third = prefix.begin(3);
  expect(third.finish()).toBeUndefined();
  expect(first.finish()).toBe(3);
});

const anyOrder = fc
  .integer({ min: 1, max: 60 })
  .chain((count) => fc.shuffledSubarray([...Array(count).keys()], { minLength: count }));

test('in any order of finishing, the cursor is the end of the unbroken head', () => {
  fc.assert(
    fc.property(anyOrder, (order) => {
      const prefix = new OrderedPrefix<number>();
      const items = order.map((_, index) => prefix.begin(index));
      const done = new Set<number>();
      let cursor = -1;
      for (const index of order) {
        const moved = items[index]?.finish();
        done.add(index);
        let head = cursor;
        while (done.has(head + 1)) head++;
        expect(moved).toBe(head > cursor ? head : undefined);
        cursor = head;
        expect(prefix.pending).toBe(order.length - 1 - cursor);
      }
      expect(cursor).toBe(order.length - 1);
    }),
  );
});

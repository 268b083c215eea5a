import type { Msg } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Batcher } from './batcher.js';
import type { BatchLimits } from './consume-options.js';
import { HeldDelivery } from './held-delivery.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function delivery(sequence: number, bytes = 1): HeldDelivery {
  const message = { subject: 's', data: new Uint8Array(bytes) } as unknown as Msg;
  return new HeldDelivery(message, 'reply', 'S', { tries: 1, sequence, micros: 0 }, 0);
}

function batcher(limits: Partial<BatchLimits>, random = 0): Batcher {
  return new Batcher(
    { max: 3, maxBytes: 100, waitMs: 50, ...limits },
    () => random,
    () => undefined,
  );
}

function taken(from: Batcher): number[][] {
  const batches: number[][] = [];
  for (let next = from.take(); next; next = from.take()) batches.push(next.map(({ sequence }) => sequence));
  return batches;
}

it('a batch is due when it is full', () => {
  const one = batcher({});
  for (const sequence of [1, 2, 3, 4]) one.add(delivery(sequence));
  expect(taken(one)).toEqual([[1, 2, 3]]);
});

it('a batch is due when its time is up, and goes on filling until it is taken', () => {
  const one = batcher({});
  one.add(delivery(1));
  expect(taken(one)).toEqual([]);
  vi.advanceTimersByTime(50);
  one.add(delivery(2));
  expect(taken(one)).toEqual([[1, 2]]);
  one.add(delivery(3));
  expect(taken(one)).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(taken(one)).toEqual([[3]]);
});

it('a batch ends before it would grow over its bytes; one message may', () => {
  const one = batcher({ max: 9 });
  one.add(delivery(1, 60));
  one.add(delivery(2, 60));
  one.add(delivery(3, 500));
  one.add(delivery(4, 1));
  one.hurry();
  expect(taken(one)).toEqual([[1], [2], [3], [4]]);
});

it('lone deliveries are batches of their own, first, in an order of chance', () => {
  const one = batcher({}, 0.99);
  for (const sequence of [1, 2, 3]) one.add(delivery(sequence));
  for (const sequence of [7, 8, 9]) one.addLone(delivery(sequence));
  expect(taken(one)).toEqual([[9], [8], [7], [1, 2, 3]]);
});

it('gives back everything that was not taken', () => {
  const one = batcher({});
  for (const sequence of [1, 2, 3, 4]) one.add(delivery(sequence));
  one.addLone(delivery(9));
  expect(one.takeRest().map(({ sequence }) => sequence)).toEqual([9, 1, 2, 3, 4]);
  vi.advanceTimersByTime(1_000);
  expect(taken(one)).toEqual([]);
});

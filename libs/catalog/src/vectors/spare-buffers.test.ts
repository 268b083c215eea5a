import { expect, it } from 'vitest';
import { SpareBuffers } from './spare-buffers.js';
import { VectorBuilder } from './vector-builder.js';
import { vectorValues } from './vector-values.js';

it('gives a buffer that was given back to whoever wants one of about its size, once', () => {
  const spares = new SpareBuffers();
  const { buffer } = spares.take(100_000);
  spares.giveBack([buffer]);
  const isIt = (bytes: number): boolean => spares.take(bytes).buffer === buffer;
  expect([isIt(40_000), isIt(100_001), isIt(60_000), isIt(60_000)]).toEqual([false, false, true, false]);
});

it('keeps no more than 32 MB, and nothing of one that is huge', () => {
  const spares = new SpareBuffers();
  const many = new Set(Array.from({ length: 12 }, () => new ArrayBuffer(4 << 20)));
  spares.giveBack([new ArrayBuffer(5 << 20), ...many]);
  const taken = [5, ...Array.from({ length: 12 }, () => 4)].map((size) => many.has(spares.take(size << 20).buffer));
  expect(taken.filter(Boolean)).toHaveLength(8);
  expect(taken[0]).toBe(false);
});

it('leaves a vector that was taken over alone while the builder goes on', () => {
  const builder = new VectorBuilder({ name: 'int4' });
  const taken = Array.from({ length: 3 }, (_, round) => {
    for (let row = 0; row < 5_000; row += 1) builder.int32(round * 10_000 + row);
    return builder.takeOver();
  });
  for (const [round, vector] of taken.entries()) {
    const values = vectorValues({ name: 'int4' }, vector);
    expect([values.length, values[0], values[4_999]]).toEqual([5_000, round * 10_000, round * 10_000 + 4_999]);
  }
});

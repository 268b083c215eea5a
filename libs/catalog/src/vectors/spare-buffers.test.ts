import { expect, it } from 'vitest';
import { giveBuffersBack, takeBuffer } from './spare-buffers.js';
import { VectorBuilder } from './vector-builder.js';
import { vectorValues } from './vector-values.js';

it('gives a buffer that was given back to whoever wants one of about its size, once', () => {
  const { buffer } = takeBuffer(100_000);
  giveBuffersBack([buffer]);
  expect(takeBuffer(40_000).buffer).not.toBe(buffer);
  expect(takeBuffer(100_001).buffer).not.toBe(buffer);
  expect(takeBuffer(60_000).buffer).toBe(buffer);
  expect(takeBuffer(60_000).buffer).not.toBe(buffer);
});

it('keeps no more than 32 MB, and nothing of one that is huge', () => {
  const many = Array.from({ length: 12 }, () => new ArrayBuffer(4 << 20));
  giveBuffersBack([new ArrayBuffer(5 << 20), ...many]);
  expect(many).not.toContain(takeBuffer(5 << 20).buffer);
  const taken = Array.from({ length: 12 }, () => takeBuffer(4 << 20).buffer);
  expect(taken.filter((buffer) => many.includes(buffer))).toHaveLength(8);
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

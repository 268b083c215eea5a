import { describe, expect, it } from 'vitest';
import type { LakeColumn } from './lake-column.js';
import { plainValues } from '../../test/every-type.js';
import { roundTrip } from '../../test/round-trip.js';

describe.each(['values', 'vectors'] as const)('a big batch, written from %s', (from) => {
  it('keeps very long texts and bytes', async () => {
    const long = 'é'.repeat(8 * 1024 * 1024);
    const values = ['x'.repeat(65_536), long, null, '', '{"a":1}'];
    const columns: LakeColumn[] = [
      { name: 't', type: { name: 'text' }, values },
      { name: 'j', type: { name: 'json' }, values },
      { name: 'b', type: { name: 'bytes' }, values: values.map((v) => (v === null ? null : Buffer.from(v))) },
    ];
    const read = await roundTrip(columns, from);
    for (const [i, column] of columns.entries())
      expect(plainValues(read[i]?.values ?? []).join() === plainValues(column.values).join(), column.name).toBe(true);
  });

  it('keeps many rows, repeated and distinct, over several row groups and pages', async () => {
    const rows = 70_000;
    const columns: LakeColumn[] = [
      {
        name: 'n',
        type: { name: 'int8' },
        values: Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : BigInt(i) * 2n ** 40n)),
      },
      {
        name: 'few',
        type: { name: 'text' },
        values: Array.from({ length: rows }, (_, i) => (i % 11 === 0 ? null : `value ${i % 5}`)),
      },
      {
        name: 'many',
        type: { name: 'text' },
        values: Array.from({ length: rows }, (_, i) => `${'padding '.repeat(10)}${i}`),
      },
      {
        name: 'flag',
        type: { name: 'bool' },
        values: Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? null : i % 2 === 0)),
      },
      ...[1, 2, 3, 255, 256, 257, 8192].map((distinct) => ({
        name: `of_${distinct}`,
        type: { name: 'text' as const },
        values: Array.from({ length: rows }, (_, i) => (i % 13 === 0 ? null : `${(i * 7919) % distinct}`)),
      })),
    ];
    const read = await roundTrip(columns, from);
    for (const [i, column] of columns.entries())
      expect(plainValues(read[i]?.values ?? []).join() === plainValues(column.values).join(), column.name).toBe(true);
  });
});

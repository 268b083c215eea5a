import type { LogicalType, Value } from '@rollcall/catalog';
import { parquetMetadata } from 'hyparquet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textBounds } from './bounds.js';
import { ChunkEncoder } from './column-chunk.js';
import { chunkMetadata } from './encoded-chunk.js';
import { TableWriter } from './table-writer.js';

function encode(type: LogicalType, values: readonly Value[]): ReturnType<ChunkEncoder['encode']> {
  return new ChunkEncoder().encode({ name: 'c', type, values }, 0, values.length);
}

function statisticsOf(type: LogicalType, values: readonly Value[]): unknown {
  return chunkMetadata(encode(type, values), 4).meta_data?.statistics;
}

describe('a column chunk', () => {
  it.each([
    [{ name: 'bool' }, 1],
    [{ name: 'bool' }, 'true'],
    [{ name: 'int2' }, 32_768],
    [{ name: 'int2' }, 1.5],
    [{ name: 'int4' }, -2_147_483_649],
    [{ name: 'int4' }, 1n],
    [{ name: 'int8' }, 1],
    [{ name: 'int8' }, 2n ** 63n],
    [{ name: 'float8' }, '1'],
    [{ name: 'text' }, 1],
    [{ name: 'json' }, true],
    [{ name: 'bytes' }, 'x'],
    [{ name: 'uuid' }, '0123'],
    [{ name: 'uuid' }, '01234567-89ab-cdef-0123-456789abcdeg'],
    [{ name: 'uuid' }, '0123456789ab-cdef-0123-456789abcdef-'],
    [{ name: 'timestamptz' }, 1],
    [{ name: 'decimal', precision: 4, scale: 1 }, 1],
  ] as const)('of %o refuses %o, naming column and row and not the value', (type, value) => {
    expect(() => encode(type, [null, value])).toThrow(/^column c, row 1: a \w+ that is no \w+$/);
  });

  it('says its bounds and NULLs', () => {
    expect(statisticsOf({ name: 'int8' }, [3n, null, -5n])).toEqual({ min_value: -5n, max_value: 3n, null_count: 1n });
    expect(statisticsOf({ name: 'float8' }, [NaN, 0, null])).toEqual({ min_value: -0, max_value: 0, null_count: 1n });
    expect(statisticsOf({ name: 'float8' }, [NaN])).toEqual({ null_count: 0n });
    expect(statisticsOf({ name: 'text' }, ['b', 'a', null])).toEqual({
      min_value: 'a',
      max_value: 'b',
      null_count: 1n,
    });
    expect(statisticsOf({ name: 'text' }, Array<string>(50).fill('x'))).toEqual({
      min_value: 'x',
      max_value: 'x',
      null_count: 0n,
    });
    expect(statisticsOf({ name: 'json' }, ['{}', null])).toEqual({ null_count: 1n });
    expect(statisticsOf({ name: 'decimal', precision: 20, scale: 1 }, ['-1.5', '2.0'])).toEqual({
      min_value: -15n,
      max_value: 20n,
      null_count: 0n,
    });
  });

  it('takes a dictionary where texts repeat, and only there', () => {
    const texts = (distinct: number): string[] =>
      Array.from({ length: 20_000 }, (_, i) => `value ${Math.floor((i * distinct) / 20_000)}`);
    const encodings = (values: readonly string[]): unknown =>
      chunkMetadata(encode({ name: 'text' }, values), 4).meta_data?.encodings;
    for (const distinct of [1, 2, 3, 255, 256, 257, 8192])
      expect(encodings(texts(distinct)), String(distinct)).toContain('RLE_DICTIONARY');
    for (const distinct of [8193, 20_000])
      expect(encodings(texts(distinct)), String(distinct)).not.toContain('RLE_DICTIONARY');
    // All distinct for long before the first one repeats: given up after a sample.
    const late = Array.from({ length: 20_000 }, (_, i) => `value ${i % 8192}`);
    expect(encodings(late)).not.toContain('RLE_DICTIONARY');
    expect(encodings(Array<string>(4).fill('x'.repeat(257)))).not.toContain('RLE_DICTIONARY');
  });

  it('keeps a footer small, whatever stands in a text', () => {
    const long = 'x'.repeat(1_000_000);
    const table = new TableWriter([{ name: 'c', type: { name: 'text' } }]);
    table.writeGroup([{ name: 'c', type: { name: 'text' }, values: [long, 'ab'] }], 0, 2);
    const file = Buffer.concat([table.takeBytes(), table.footer()]);
    const statistics = parquetMetadata(Uint8Array.from(file)).row_groups[0]?.columns[0]?.meta_data?.statistics;
    expect(statistics).toMatchObject({ min_value: 'ab', max_value: `${'x'.repeat(15)}y`, is_max_value_exact: false });
  });
});

describe('bounds of texts', () => {
  it('are those of their bytes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\uffff', '\ue000', '\ud800', '\u{10000}', '🎓', 'z'),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        const ordered = texts.map((t) => Buffer.from(t)).sort((a, b) => a.compare(b));
        const bounds = textBounds(texts, Buffer.from(texts.join('|')));
        expect(Buffer.from(String(bounds.min_value))).toEqual(ordered[0]);
        expect(Buffer.from(String(bounds.max_value))).toEqual(ordered.at(-1));
      }),
      { seed: 20_261_123, numRuns: 500 },
    );
  });
});

import { vectorOf, type LogicalType, type Value } from '@rollcall/catalog';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { printedSeed } from '../../test/every-type.js';
import { TableWriter } from './table-writer.js';
import { encodeVector } from './vector-chunk.js';

const TEXT: LogicalType = { name: 'text' };

/** What the footer says of a column, written from vectors and from values. */
async function statisticsOf(type: LogicalType, values: readonly Value[]): Promise<readonly [unknown, unknown]> {
  const vector = { name: 'c', type, vector: vectorOf(type, values) };
  const byVectors = new TableWriter([vector]);
  byVectors.addGroup(values.length, [encodeVector(vector, values.length)]);
  const byValues = new TableWriter([vector]);
  byValues.writeGroup([{ name: 'c', type, values }], 0, values.length);
  const [first, second] = [byVectors, byValues].map((table) => {
    const file = Buffer.concat([table.takeBytes(), table.footer()]);
    return parquetMetadata(Uint8Array.from(file)).row_groups[0]?.columns[0]?.meta_data?.statistics;
  });
  return [first, second];
}

describe('the statistics of a vector', () => {
  it('are those of its values for long texts, whatever their bytes', async () => {
    // Few characters, so that texts share what they begin with; of one to four bytes, and of both sides of the surrogates.
    const unit = fc.constantFrom(
      'a',
      'b',
      '\x7f',
      '\u00ff',
      '\u07ff',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{10ffff}',
    );
    const prefix = fc.constantFrom(
      '',
      'a'.repeat(70),
      `${'a'.repeat(15)}é`,
      '\u{10ffff}'.repeat(4),
      '\u{10ffff}'.repeat(20),
    );
    const text = fc.tuple(prefix, fc.string({ unit, maxLength: 80 })).map(([start, rest]) => start + rest);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text, { nil: null }), { minLength: 1, maxLength: 6 }), async (texts) => {
        const [byVectors, byValues] = await statisticsOf(TEXT, texts);
        expect(byVectors).toEqual(byValues);
      }),
      { seed: printedSeed(), numRuns: 300 },
    );
  });

  it('are those of its values for numbers at the ends of their range', async () => {
    const cases: readonly (readonly [LogicalType, readonly Value[]])[] = [
      [{ name: 'float8' }, [NaN, 0, null]],
      [{ name: 'float8' }, [-0, NaN]],
      [{ name: 'float4' }, [NaN]],
      [{ name: 'float4' }, [Infinity, 1e-45, -Infinity]],
      [{ name: 'int2' }, [-32_768, 32_767]],
      [{ name: 'int4' }, [2 ** 31 - 1, -(2 ** 31)]],
      [{ name: 'int8' }, [-1n, 0n, 2n ** 32n, -(2n ** 32n)]],
      [{ name: 'timestamptz' }, [2n ** 63n - 1n, -(2n ** 63n)]],
      [{ name: 'decimal', precision: 38, scale: 0 }, ['9'.repeat(38), `-${'9'.repeat(38)}`, '0', '-1', '1', null]],
      [{ name: 'decimal', precision: 18, scale: 2 }, ['-0.01', '0.01']],
      [{ name: 'bytes' }, [Buffer.from('b'), Buffer.from('a')]],
      [{ name: 'json' }, ['{}', '[]']],
      [{ name: 'bool' }, [true, null]],
    ];
    for (const [type, values] of cases) {
      const [byVectors, byValues] = await statisticsOf(type, values);
      expect(byVectors, JSON.stringify(type)).toEqual(byValues);
    }
  });

  it('of huge texts are kept as their beginning', () => {
    const vector = vectorOf(TEXT, ['é'.repeat(1_000_000), 'z'.repeat(1_000_000)]);
    const { bounds } = encodeVector({ name: 'c', type: TEXT, vector }, 2);
    expect(bounds).toEqual({ min_value: 'z'.repeat(64), max_value: 'é'.repeat(32) });
  });
});

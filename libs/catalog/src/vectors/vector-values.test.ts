import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogicalType, Value } from '../logical-type.js';
import { nullVector, vectorWidth } from './column-vector.js';
import { VectorBuilder } from './vector-builder.js';
import { vectorOf, vectorValues } from './vector-values.js';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const SAMPLES: readonly (readonly [LogicalType, fc.Arbitrary<Value>])[] = [
  [{ name: 'bool' }, fc.boolean()],
  [{ name: 'int2' }, fc.integer({ min: -32_768, max: 32_767 })],
  [{ name: 'int4' }, fc.integer()],
  [{ name: 'int8' }, int64],
  [{ name: 'float4' }, fc.float()],
  [{ name: 'float8' }, fc.double()],
  [{ name: 'text' }, fc.string({ unit: 'grapheme', maxLength: 200 })],
  [{ name: 'json' }, fc.json()],
  [{ name: 'bytes' }, fc.uint8Array({ maxLength: 100 })],
  [{ name: 'date' }, fc.integer()],
  [{ name: 'timestamptz' }, int64],
  [{ name: 'uuid' }, fc.uuid()],
  [{ name: 'decimal', precision: 9, scale: 2 }, decimal(9, 2)],
  [{ name: 'decimal', precision: 18, scale: 0 }, decimal(18, 0)],
  [{ name: 'decimal', precision: 38, scale: 10 }, decimal(38, 10)],
];

function decimal(precision: number, scale: number): fc.Arbitrary<string> {
  const max = 10n ** BigInt(precision) - 1n;
  return fc.bigInt({ min: -max, max }).map((unscaled) => {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
    const sign = unscaled < 0n ? '-' : '';
    return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  });
}

describe('a column vector', () => {
  it('gives back the values it was made of, of every type, NULL among them', () => {
    for (const [type, value] of SAMPLES) {
      fc.assert(
        fc.property(fc.array(fc.option(value, { nil: null })), (values) => {
          const vector = vectorOf(type, values);
          expect(vector.rowCount).toBe(values.length);
          expect(vector.present === undefined).toBe(values.every((v) => v !== null));
          expect(vectorValues(type, vector).map(plain)).toEqual(values.map(plain));
        }),
        { numRuns: 50 },
      );
    }
  });

  it('grows beyond its first size and begins anew after take', () => {
    const builder = new VectorBuilder({ name: 'text' });
    for (let row = 0; row < 5_000; row += 1) builder.bytes(Buffer.from('x'.repeat(row % 90)));
    builder.null();
    const first = builder.take();
    expect(first.rowCount).toBe(5_001);
    expect(first.present?.[5_000]).toBe(0);
    expect(builder.rowCount).toBe(0);
    builder.text('é');
    expect(vectorValues({ name: 'text' }, builder.take())).toEqual(['é']);
    expect(vectorValues({ name: 'text' }, first)[89]).toBe('x'.repeat(89));
  });

  it('says so when values of another width were appended', () => {
    const builder = new VectorBuilder({ name: 'int8' });
    builder.int32(1);
    expect(() => builder.take()).toThrow(RangeError);
    expect(() => vectorOf({ name: 'int4' }, ['1'])).toThrow(TypeError);
  });

  it('holds int64 from its halves', () => {
    const builder = new VectorBuilder({ name: 'int8' });
    builder.int64Halves(-1, 0xffff_fffe);
    builder.int64Halves(0x7fff_ffff, -1);
    expect(vectorValues({ name: 'int8' }, builder.take())).toEqual([-2n, 2n ** 63n - 1n]);
  });

  it('repeats a value of its own or of another column of its type', () => {
    const builder = new VectorBuilder({ name: 'text' });
    builder.text('x'.repeat(5_000));
    const second = builder.byteLength;
    builder.text('é');
    builder.repeat(0);
    builder.repeat(second);
    const first = builder.take();
    builder.repeat(second, first.body);
    expect(vectorValues({ name: 'text' }, first)).toEqual(['x'.repeat(5_000), 'é', 'x'.repeat(5_000), 'é']);
    expect(vectorValues({ name: 'text' }, builder.take())).toEqual(['é']);
    const ids = new VectorBuilder({ name: 'int8' });
    ids.int64(-5n);
    ids.repeat(0);
    expect(vectorValues({ name: 'int8' }, ids.take())).toEqual([-5n, -5n]);
  });

  it('can be all NULL', () => {
    expect(vectorValues({ name: 'uuid' }, nullVector(3))).toEqual([null, null, null]);
    expect(vectorWidth({ name: 'uuid' })).toBe(16);
  });
});

/** Buffers and Uint8Arrays with the same bytes are the same value. */
function plain(value: Value): unknown {
  return value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString('hex')}` : value;
}

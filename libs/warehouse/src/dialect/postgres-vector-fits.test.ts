import { VectorBuilder, vectorOf, type ColumnVector, type LogicalType } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { postgresVectorFits } from './postgres-vector-fits.js';

const TEXT: LogicalType = { name: 'text' };

function bytesOf(...values: readonly (readonly number[])[]): ColumnVector {
  const builder = new VectorBuilder(TEXT);
  for (const value of values) builder.bytes(Uint8Array.from(value));
  return builder.take();
}

describe('postgresVectorFits', () => {
  it('takes text that is UTF-8, each value by itself', () => {
    expect(postgresVectorFits(TEXT, vectorOf(TEXT, ['', 'é', null, '€'.repeat(200), '😀']))).toBe(true);
    expect(postgresVectorFits(TEXT, bytesOf([0x61], [0x61, 0x00]))).toBe(false);
    expect(postgresVectorFits(TEXT, bytesOf([0xed, 0xa0, 0x80]))).toBe(false);
    // Two values that are a character only together.
    expect(postgresVectorFits(TEXT, bytesOf([0xc3], [0xa9]))).toBe(false);
  });

  it('refuses a body that is not that of its rows', () => {
    const vector = vectorOf(TEXT, ['one', null, 'two']);
    expect(postgresVectorFits(TEXT, vector)).toBe(true);
    expect(postgresVectorFits(TEXT, { ...vector, body: vector.body.subarray(0, -1) })).toBe(false);
    expect(postgresVectorFits(TEXT, { ...vector, presentCount: 3 })).toBe(false);
    expect(postgresVectorFits({ name: 'int8' }, { rowCount: 1, presentCount: 1, body: new Uint8Array(4) })).toBe(false);
    const negative = Uint8Array.from([0xff, 0xff, 0xff, 0xff]);
    expect(postgresVectorFits(TEXT, { rowCount: 1, presentCount: 1, body: negative })).toBe(false);
  });

  it('knows the edges of what a column takes', () => {
    const first = -210_866_803_200_000_000n;
    const fits = (type: LogicalType, value: number | bigint | string): boolean =>
      postgresVectorFits(type, vectorOf(type, [value]));
    expect([-32_768, 32_767].every((value) => fits({ name: 'int2' }, value))).toBe(true);
    expect([-32_769, 32_768].some((value) => fits({ name: 'int2' }, value))).toBe(false);
    expect([first, -(2n ** 63n), 2n ** 63n - 1n, 0n].every((value) => fits({ name: 'timestamptz' }, value))).toBe(true);
    expect([first - 1n, -(2n ** 63n) + 1n].some((value) => fits({ name: 'timestamp' }, value))).toBe(false);
    expect([0n, 86_400_000_000n].every((value) => fits({ name: 'time' }, value))).toBe(true);
    expect([-1n, 86_400_000_001n].some((value) => fits({ name: 'time' }, value))).toBe(false);
    expect([-2_440_588, 2_145_042_541, 2_147_483_647].every((value) => fits({ name: 'date' }, value))).toBe(true);
    expect([-2_440_589, 2_145_042_542].some((value) => fits({ name: 'date' }, value))).toBe(false);
    expect(fits({ name: 'json' }, '{"a": [1, null]}')).toBe(true);
    expect(['{', '"\\u0000"', ''].some((value) => fits({ name: 'json' }, value))).toBe(false);
    expect(fits({ name: 'interval' }, 'tomorrow')).toBe(false);
    for (const [precision, width] of [
      [5, { name: 'int4' }],
      [12, { name: 'int8' }],
    ] as const) {
      const most = 10 ** precision - 1;
      const vector = (value: number): ColumnVector => vectorOf(width, [width.name === 'int8' ? BigInt(value) : value]);
      const decimal = { name: 'decimal', precision, scale: 2 } as const;
      expect([most, -most].every((value) => postgresVectorFits(decimal, vector(value)))).toBe(true);
      expect([most + 1, -most - 1].some((value) => postgresVectorFits(decimal, vector(value)))).toBe(false);
    }
  });
});

import { VectorBuilder, vectorValues, type Value } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import type { ColumnCodec } from './column-codec.js';
import { decimalCodec } from './decimal-codec.js';
import { dateCodec, timestampCodec, timestamptzCodec } from './instant-codecs.js';
import { boolCodec, float8Codec, int4Codec, int8Codec, jsonbCodec, uuidCodec } from './scalar-codecs.js';

function read(codec: ColumnCodec, road: 'binary' | 'text', field: Buffer | string): Value | undefined {
  const bytes = Buffer.from(field);
  const builder = new VectorBuilder(codec.logical);
  codec[road](bytes, 0, bytes.length, builder);
  return vectorValues(codec.logical, builder.take())[0];
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** Postgres' binary form: groups of four digits, weight of the first, sign, decimals shown. */
function numeric(groups: readonly number[], weight: number, sign: number, scale: number): Buffer {
  const bytes = Buffer.alloc(8 + 2 * groups.length);
  [groups.length, weight, sign, scale, ...groups].forEach((word, at) => bytes.writeUInt16BE(word & 0xffff, 2 * at));
  return bytes;
}

const SINCE_2000 = 946_684_800_000_000n;
const UNFIT = expect.objectContaining({ code: 'source/unfit' });

describe('what the lake cannot hold', () => {
  it('is a timestamp whose microseconds since 1970 are beyond 64 bits, or mean infinity there', () => {
    const last = 2n ** 63n - 2n;
    for (const codec of [timestampCodec, timestamptzCodec]) {
      const zone = codec === timestamptzCodec ? '+00' : '';
      expect(read(codec, 'binary', int64(last - SINCE_2000))).toBe(last);
      expect(read(codec, 'text', `294247-01-10 04:00:54.775806${zone}`)).toBe(last);
      expect(() => read(codec, 'binary', int64(last + 1n - SINCE_2000))).toThrow(UNFIT);
      expect(() => read(codec, 'text', `294247-01-10 04:00:54.775807${zone}`)).toThrow(UNFIT);
      expect(() => read(codec, 'binary', int64(9_223_371_331_199_999_999n))).toThrow(UNFIT);
      expect(() => read(codec, 'text', `294276-12-31 23:59:59.999999${zone}`)).toThrow(UNFIT);
    }
  });

  it('is NaN, or an infinity, of a numeric with a scale', () => {
    for (const sign of [0xc000, 0xd000, 0xf000])
      expect(() => read(decimalCodec(12, 2), 'binary', numeric([], 0, sign, 0))).toThrow(/type: numeric/);
    expect(() => read(decimalCodec(12, 2), 'text', 'NaN')).toThrow(/type: numeric/);
  });
});

describe('a column that has another type than when it was looked at', () => {
  it.each<[string, ColumnCodec, Buffer]>([
    ['bool', boolCodec, Buffer.from([0, 0, 0, 1])],
    ['int4 is int8', int4Codec, int64(1n)],
    ['int8 is int4', int8Codec, Buffer.alloc(4)],
    ['float8', float8Codec, Buffer.alloc(4)],
    ['uuid is text', uuidCodec, Buffer.from('00000000-0000-0000-0000-000000000000')],
    ['date is timestamp', dateCodec, int64(0n)],
    ['timestamp is date', timestampCodec, Buffer.alloc(4)],
    ['jsonb is json', jsonbCodec, Buffer.from('{}')],
    ['more decimals', decimalCodec(12, 2), numeric([1, 2345], 0, 0, 4)],
    ['more digits', decimalCodec(9, 2), numeric([1000, 0], 1, 0, 2)],
    ['many more digits', decimalCodec(18, 0), numeric([100, 0, 0, 0, 0], 4, 0, 0)],
    ['digits beyond 128 bits', decimalCodec(38, 0), numeric(Array<number>(10).fill(9999), 9, 0x4000, 0)],
  ])('is never misread: %s', (_what, codec, field) => {
    expect(() => read(codec, 'binary', field)).toThrow(UNFIT);
  });

  it.each([
    ['more decimals', '1.2345'],
    ['more digits', '12345678901.00'],
    ['another type', 'abc'],
  ])('is never misread in the log: %s', (_what, text) => {
    expect(() => read(decimalCodec(12, 2), 'text', text)).toThrow(UNFIT);
  });
});

describe('a session whose settings somebody dropped on the way', () => {
  it.each(['06/02/2021 10:44:54 UTC', '2021-06-02 10:44:54+02', '2021-06-02 10:44:54', 'Wed Jun 02 10:44:54 2021 UTC'])(
    'is found out by its instants: %s',
    (text) => {
      expect(() => read(timestamptzCodec, 'text', text)).toThrow(UNFIT);
    },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TIMESTAMP_INFINITY, TIMESTAMP_MINUS_INFINITY } from '../logical-type.js';
import { parseTimestamp } from './parse-timestamp.js';
import { parseValue } from './parse-value.js';
import { valueToText } from './value-to-text.js';

const at = (iso: string, micros = 0): bigint => BigInt(Date.parse(iso)) * 1000n + BigInt(micros);

describe('forms that the sources send', () => {
  test.each<[string, bigint]>([
    ['2021-06-02 10:44:54', at('2021-06-02T10:44:54Z')],
    ['2018-10-04T09:03:57Z', at('2018-10-04T09:03:57Z')],
    ['2018-09-10T11:45:24.425Z', at('2018-09-10T11:45:24.425Z')],
    ['2018-01-30 18:13:52.221000', at('2018-01-30T18:13:52.221Z')],
    ['2018-01-30 18:13:52.221001', at('2018-01-30T18:13:52.221Z', 1)],
    ['2018-01-30T19:13:43.383+0100', at('2018-01-30T18:13:43.383Z')],
    ['2019-03-10 15:22:11.123456+0100', at('2019-03-10T14:22:11.123Z', 456)],
    ['2019-03-10T15:22:11+01:00', at('2019-03-10T14:22:11Z')],
    ['2019-03-10 15:22:11+01', at('2019-03-10T14:22:11Z')],
    ['2019-03-10 15:22:11-0330', at('2019-03-10T18:52:11Z')],
    ['2019-03-10 15:22:11.5', at('2019-03-10T15:22:11.500Z')],
    ['2019-03-10 15:22:11.12345', at('2019-03-10T15:22:11.123Z', 450)],
    ['2019-03-10 15:22:11.123456000', at('2019-03-10T15:22:11.123Z', 456)],
    ['2019-03-10 15:22:11,123', at('2019-03-10T15:22:11.123Z')],
  ])('%s', (text, micros) => {
    expect(parseTimestamp(text)).toBe(micros);
  });
});

describe('rare forms', () => {
  test.each<[string, bigint]>([
    ['2021-06-02 10:44:54 UTC', at('2021-06-02T10:44:54Z')],
    ['2021-06-02 10:44:54.25 +0200', at('2021-06-02T08:44:54.250Z')],
    ['2021-06-02t10:44:54z', at('2021-06-02T10:44:54Z')],
    ['2021-06-02T10:44Z', at('2021-06-02T10:44:00Z')],
    ['2021-06-02 10:44', at('2021-06-02T10:44:00Z')],
    ['2021-06-02', at('2021-06-02T00:00:00Z')],
    ['2021-06-02 10:44:54+05:30:15', at('2021-06-02T05:14:39Z')],
    ['20210602T104454Z', at('2021-06-02T10:44:54Z')],
    ['20210602T104454.5+01', at('2021-06-02T09:44:54.500Z')],
    ['20210602104454', at('2021-06-02T10:44:54Z')],
    ['infinity', TIMESTAMP_INFINITY],
    ['-Infinity', TIMESTAMP_MINUS_INFINITY],
    ['1969-12-31 23:59:59.999999', -1n],
    ['0001-01-01 00:00:00', at('0001-01-01T00:00:00Z')],
    ['0044-03-15 12:00:00 BC', at('-000043-03-15T12:00:00Z')],
    ['12021-06-02 10:44:54', at('+012021-06-02T10:44:54Z')],
    ['+12021-06-02T10:44:54Z', at('+012021-06-02T10:44:54Z')],
    ['2300-01-01 00:00:00.000001', at('2300-01-01T00:00:00Z', 1)],
  ])('%s', (text, micros) => {
    expect(parseTimestamp(text)).toBe(micros);
  });
});

describe('counts since 1970', () => {
  test.each<[string | number, bigint]>([
    ['1622630694', at('2021-06-02T10:44:54Z')],
    [1_622_630_694, at('2021-06-02T10:44:54Z')],
    ['1622630694.123456', at('2021-06-02T10:44:54.123Z', 456)],
    [1_622_630_694.25, at('2021-06-02T10:44:54.250Z')],
    ['1622630694123', at('2021-06-02T10:44:54.123Z')],
    [1_622_630_694_123, at('2021-06-02T10:44:54.123Z')],
    ['1622630694123.456', at('2021-06-02T10:44:54.123Z', 456)],
    ['1622630694123456', at('2021-06-02T10:44:54.123Z', 456)],
    [1_622_630_694_123_456, at('2021-06-02T10:44:54.123Z', 456)],
    [0, 0n],
    [-1, -1_000_000n],
    ['99999999999', at('+005138-11-16T09:46:39Z')],
  ])('%s', (raw, micros) => {
    expect(parseValue({ name: 'timestamptz' }, raw)).toEqual({ ok: true, value: micros });
  });

  test.each([
    '20210602',
    '12345678',
    '99999999999999',
    '12345678901234567',
    '1622630694.1234567',
    '1e9',
    '0x10',
    '1_000',
  ])('%s does not fit', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

describe('does not fit', () => {
  test.each([
    '',
    ' ',
    'now',
    'yesterday',
    '2021-02-30 10:44:54',
    '2021-02-29 00:00:00',
    '1900-02-29 00:00:00',
    '2021-00-10 10:44:54',
    '2021-13-10 10:44:54',
    '2021-06-00 10:44:54',
    '2021-06-31 10:44:54',
    '0000-06-02 10:44:54',
    '2021-06-02 24:00:00',
    '2021-06-02 10:60:00',
    '2021-06-02 10:44:60',
    '2021-06-02 10:44:5',
    '2021-06-02 1a:44:54',
    '2021-06-02X10:44:54',
    '2021/06/02 10:44:54',
    '02/06/2021 10:44',
    '2021-06-02 10:44:54.',
    '2021-06-02 10:44:54.x',
    '2021-06-02 10:44:54.1234567',
    '2021-06-02 10:44:54.123456001',
    '2021-06-02 10:44:54+16',
    '2021-06-02 10:44:54+01:60',
    '2021-06-02 10:44:54+1',
    '2021-06-02 10:44:54+010',
    '2021-06-02 10:44:54ZZ',
    '2021-06-02 10:44:54 CEST',
    '2021-06-02Z',
    '2021-06-02 10:44:54 AD',
    '0000-06-02 10:44:54 BC',
    '4715-01-01 00:00:00 BC',
    '294248-01-01 00:00:00',
    '２０２１-06-02 10:44:54',
    '2021-06-02 10:44:54\0',
  ])('%j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

const anyInstant = fc.oneof(
  fc.bigInt(at('1900-01-01T00:00:00Z'), at('2300-01-01T00:00:00Z')),
  fc.bigInt(-210_866_803_200_000_000n, TIMESTAMP_INFINITY),
  fc.constant(TIMESTAMP_MINUS_INFINITY),
);

test('every instant reads back from its own text, to the microsecond', () => {
  fc.assert(
    fc.property(anyInstant, (micros) => {
      for (const name of ['timestamp', 'timestamptz'] as const) {
        const text = valueToText({ name }, micros);
        expect(parseTimestamp(text ?? '')).toBe(micros);
      }
    }),
    { numRuns: 2000 },
  );
});

test('no text makes it throw, and what it takes is in range', () => {
  const pieces = fc.array(
    fc.constantFrom(...'0123456789-:.,+TZ BC eEinfty'.split(''), '2021-06-02', '10:44:54', '.123456'),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((parts) => parts.join('')),
      ),
      (text) => {
        const micros = parseTimestamp(text);
        if (micros === undefined) return;
        expect(micros >= TIMESTAMP_MINUS_INFINITY && micros <= TIMESTAMP_INFINITY).toBe(true);
      },
    ),
    { numRuns: 5000 },
  );
});

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column, Dataset } from '../dataset.js';
import { parseSource } from '../format/parse-source.js';
import { parseLogicalType, type Value } from '../logical-type.js';
import { buildRowKey, rowKey } from './row-key.js';

function dataset(key: string, columns: string): Dataset {
  const text = `source: s\nkind: logs\ndatasets:\n  d:\n    key: ${key}\n    columns: ${columns}\n`;
  const { source, faults } = parseSource(text, 's.yaml');
  const found = source?.datasets[0];
  if (!found) throw new RangeError(faults.map(({ message }) => message).join());
  return found;
}

const AB = dataset('{ hash: [a, b] }', '{ a: { type: text }, b: { type: text }, c: { type: text } }');

test('is sha256 over the key columns, each with its length: SQL can make it too', () => {
  const hex = createHash('sha256').update('1:a3:\u00e9c-').digest('hex');
  const three = dataset('{ hash: [a, b, c] }', '{ a: { type: text }, b: { type: text }, c: { type: text } }');
  expect(rowKey(three, ['a', '\u00e9c', null])).toBe(hex);
});

test.each<[string, readonly Value[], readonly Value[]]>([
  ['("a","bc") and ("ab","c")', ['a', 'bc', null], ['ab', 'c', null]],
  ['NULL and the empty text', [null, 'x', null], ['', 'x', null]],
  ['the other order', ['a', 'b', null], ['b', 'a', null]],
  ['a text that looks like a length', ['1:a', 'b', null], ['a', '1:b', null]],
  ['a text that looks like NULL', ['-', 'b', null], [null, 'b', null]],
])('tells apart %s', (_what, one, other) => {
  expect(rowKey(AB, one)).not.toBe(rowKey(AB, other));
});

test('looks at the key columns only, in the order of the key', () => {
  expect(rowKey(AB, ['a', 'b', 'x'])).toBe(rowKey(AB, ['a', 'b', 'y'], '{"more":1}'));
  const turned = dataset('{ hash: [b, a] }', '{ a: { type: text }, b: { type: text } }');
  expect(rowKey(turned, ['b', 'a'])).toBe(rowKey(AB, ['a', 'b', null]));
});

test('two rows have one key only when their key columns are equal', () => {
  const part = fc.oneof(fc.constant(null), fc.string({ maxLength: 4, unit: fc.constantFrom('a', ':', '-', '1', '2') }));
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const same = a === c && b === d;
      expect(rowKey(AB, [a, b, null]) === rowKey(AB, [c, d, null])).toBe(same);
    }),
    { numRuns: 3000 },
  );
});

describe('values count, not how they are written', () => {
  test.each<[string, Value, Value, boolean]>([
    ['numeric', '1.50', '1.5', true],
    ['numeric', '100', '1', false],
    ['numeric', '0.0', '0', true],
    ['decimal(9,2)', '12.00', '12.10', false],
    ['timestamptz', 1n, 2n, false],
    ['int8', 7n, 7n, true],
    ['float4', Math.fround(0.1), Math.fround(0.1), true],
    ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 2), true],
    ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 3), false],
    ['bool', true, false, false],
  ])('%s %s and %s', (type, one, other, same) => {
    const keyed = withType(dataset('{ hash: [a] }', '{ a: { type: text } }'), type);
    expect(rowKey(keyed, [one]) === rowKey(keyed, [other])).toBe(same);
  });

  test('an instant counts to the microsecond, as a whole number', () => {
    const keyed = withType(dataset('{ hash: [a] }', '{ a: { type: text } }'), 'timestamptz');
    expect(rowKey(keyed, [1_622_630_694_000_001n])).toBe(
      createHash('sha256').update('16:1622630694000001').digest('hex'),
    );
  });
});

describe('without a key', () => {
  const keyless = dataset('[]', '{ b: { type: text }, a: { type: int4 } }');
  const wider = dataset('[]', '{ a: { type: int4 }, c: { type: text }, b: { type: text } }');

  test('equal rows are one row, others are not', () => {
    expect(rowKey(keyless, ['x', 1])).toBe(rowKey(keyless, ['x', 1]));
    expect(rowKey(keyless, ['x', 1])).not.toBe(rowKey(keyless, ['x', 2]));
    expect(rowKey(keyless, ['x', null])).not.toBe(rowKey(keyless, [null, null]));
  });

  test('what stands in _rest counts', () => {
    expect(rowKey(keyless, ['x', 1], '{"m":1}')).not.toBe(rowKey(keyless, ['x', 1]));
    expect(rowKey(keyless, ['x', 1], '{"m":1}')).not.toBe(rowKey(keyless, ['x', 1], '{"m":2}'));
  });

  test('a new column that a row does not carry, and the order of columns, change nothing', () => {
    expect(rowKey(wider, [1, null, 'x'])).toBe(rowKey(keyless, ['x', 1]));
    expect(rowKey(wider, [1, 'y', 'x'])).not.toBe(rowKey(keyless, ['x', 1]));
  });
});

test('a key column that the dataset does not have is a bug', () => {
  expect(() => buildRowKey({ ...AB, key: ['nobody'] })).toThrow(RangeError);
});

function withType(one: Dataset, text: string): Dataset {
  const type = parseLogicalType(text);
  if (!type) throw new RangeError(`no type ${text}`);
  return { ...one, columns: one.columns.map((column): Column => ({ ...column, type })) };
}

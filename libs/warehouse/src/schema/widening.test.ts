import { parseLogicalType, type LogicalType } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { resolveRelation, type RawColumn } from './relation.js';
import { appendOnly } from './ensure-view.js';
import { takes } from './widening.js';

const type = (text: string): LogicalType => parseLogicalType(text) ?? { name: 'text' };

describe('takes', () => {
  it.each([
    ['int8', 'int4', true],
    ['int4', 'int8', false],
    ['numeric', 'decimal(10,2)', true],
    ['decimal(12,2)', 'decimal(10,2)', true],
    ['decimal(12,4)', 'decimal(10,2)', true],
    ['decimal(10,4)', 'decimal(10,2)', false],
    ['text', 'int4', false],
    ['timestamptz', 'timestamp', false],
  ])('%s takes %s: %s', (column, other, expected) => {
    expect(takes(type(column), type(other))).toBe(expected);
  });
});

describe('appendOnly', () => {
  const columns = ['a', 'c', 'b'].map((name) => ({ name, expression: name }));
  it('keeps the order that stands and puts new columns at the end', () => {
    expect(appendOnly(['b', 'a'], columns)?.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });
  it('says when a column would go', () => {
    expect(appendOnly(['a', 'gone'], columns)).toBeUndefined();
  });
});

describe('resolveRelation', () => {
  const standing: readonly RawColumn[] = [
    { name: 'id', physical: 'id', type: type('int8'), origin: 'catalog', retired: false, place: 1 },
    { name: 'amount', physical: 'amount', type: type('int4'), origin: 'catalog', retired: false, place: 2 },
    { name: 'amount', physical: 'amount__2', type: type('text'), origin: 'catalog', retired: false, place: 3 },
    { name: 'more', physical: 'more', type: type('text'), origin: 'evolved', retired: false, place: 4 },
  ];
  const dataset = (amount: string) => ({
    name: 'd',
    source: 's',
    kind: 'http' as const,
    capture: { mode: 'full' as const },
    key: ['id'],
    keyForm: 'columns' as const,
    history: 'none' as const,
    zone: 'UTC',
    contract: { tables: 'evolve', columns: 'keep', types: 'keep' } as const,
    flush: { seconds: 1, rows: 1, bytes: 1 },
    columns: [
      { name: 'id', type: type('int4'), from: [], trim: false, lower: false, pii: 'keep' as const },
      { name: 'amount', type: type(amount), from: [], trim: false, lower: false, pii: 'keep' as const },
    ],
    derive: [],
    tests: [],
    maxDelete: 0.5,
    version: '0'.repeat(12),
  });

  it('finds for each column the one of raw that takes its type; what nothing writes is retired', () => {
    const now = resolveRelation(dataset('text'), standing);
    expect(now.columns.map(({ physical }) => physical)).toEqual(['id', 'amount__2', 'more']);
    expect(now.retired.map(({ physical }) => physical)).toEqual(['amount']);
    expect(resolveRelation(dataset('int2'), standing).columns.map(({ physical }) => physical)).toEqual([
      'id',
      'amount',
      'more',
    ]);
    expect(now.key).toEqual(['id']);
  });
});

import type { LogicalType, Value } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { MAX_GROUP_BYTES, MAX_GROUP_ROWS, planGroups } from './plan-groups.js';

function column(
  type: LogicalType,
  values: readonly Value[],
): { name: string; type: LogicalType; values: readonly Value[] } {
  return { name: type.name, type, values };
}

describe('planGroups', () => {
  it('cuts by rows', () => {
    const rows = MAX_GROUP_ROWS + 1;
    expect(planGroups([column({ name: 'bool' }, Array<boolean>(rows).fill(true))], rows)).toEqual([
      { start: 0, end: MAX_GROUP_ROWS },
      { start: MAX_GROUP_ROWS, end: rows },
    ]);
    expect(planGroups([column({ name: 'bool' }, [])], 0)).toEqual([]);
  });

  it('makes one group of what fits, whether its lengths tell so or its bytes have to be measured', () => {
    for (const length of [10, MAX_GROUP_BYTES / 2 - 100]) {
      const texts = column({ name: 'text' }, ['x'.repeat(length), null, 'x'.repeat(length)]);
      expect(planGroups([texts], 3)).toEqual([{ start: 0, end: 3 }]);
    }
  });

  it('cuts by bytes of UTF-8, over all columns, and leaves a row that is too big alone', () => {
    const half = 'é'.repeat(MAX_GROUP_BYTES / 4 - 2);
    const texts = [half, half, null, 'x', `${half}${half}${half}`, 'x'];
    const spans = planGroups([column({ name: 'text' }, texts)], texts.length);
    expect(spans).toEqual([
      { start: 0, end: 3 },
      { start: 3, end: 4 },
      { start: 4, end: 5 },
      { start: 5, end: 6 },
    ]);
    const bytes = texts.map((t) => (t === null ? null : Buffer.from(t)));
    expect(planGroups([column({ name: 'bytes' }, bytes)], texts.length)).toEqual(spans);
    const numbers = column({ name: 'int8' }, Array<bigint>(texts.length).fill(1n));
    expect(planGroups([numbers, column({ name: 'text' }, texts)], texts.length)[0]).toEqual({ start: 0, end: 1 });
  });
});

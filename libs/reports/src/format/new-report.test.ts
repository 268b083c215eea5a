import { formatFault, type LogicalType } from '@rollcall/catalog';
import { expect, test } from 'vitest';
import { newReportFiles } from './new-report.js';
import { parseReport } from './parse-report.js';

const CASES: readonly (readonly [string, readonly (readonly [string, LogicalType['name']])[], readonly string[]])[] = [
  [
    'a time',
    [
      ['id', 'text'],
      ['created_at', 'timestamptz'],
      ['on', 'date'],
    ],
    ['day'],
  ],
  [
    'a day',
    [
      ['id', 'text'],
      ['on', 'date'],
    ],
    ['day'],
  ],
  [
    'texts',
    [
      ['_rest', 'json'],
      ['score', 'int4'],
      ['Odd "name"', 'text'],
    ],
    ['value'],
  ],
  ['numbers only', [['score', 'int4']], ['score']],
];

test.each(CASES)('a new report on a dataset with %s has no fault', (_what, columns, grain) => {
  const files = newReportFiles({
    name: 'fresh_one',
    dataset: 'answers',
    owner: 'team: data',
    columns: columns.map(([name, type]) => ({ name, type: { name: type } as LogicalType })),
  });
  const { report, faults } = parseReport({ name: 'fresh_one', dir: 'reports/fresh_one', files });
  expect(faults.map(formatFault)).toEqual([]);
  expect(report).toMatchObject({ name: 'fresh_one', owner: 'team: data', grain });
});

test('where there is nothing to group by it says so', () => {
  expect(() => newReportFiles({ name: 'fresh_one', dataset: 'answers', columns: [] })).toThrow(RangeError);
});

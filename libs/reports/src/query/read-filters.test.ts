import { expect, test } from 'vitest';
import { ALL_TYPES } from '../../test/all-types.js';
import { goodReport } from '../../test/report-folder.js';
import { describeFilters } from './describe-filters.js';
import { filterDefault, readFilters } from './read-filters.js';
import { readRowsQuery } from './read-rows-query.js';

const QUIZ = goodReport({
  sql: 'SELECT 1',
  yaml: `grain: [mode, day]
columns:
  mode: { type: text, label: Rule, description: A }
  day: { type: date, label: Day, description: A }
  month: { type: date, label: Month, format: month, description: A }
  answers: { type: int8, label: Answers, description: A }
filters:
  mode: { column: mode, op: eq, required: true, default: gap, labels: { gap: By gap } }
  modes: { column: mode, op: in, label: Rules, default: [gap, half_day] }
  day: { column: day, op: between, default: last-30 }
  month: { column: month, op: between }
  words: { column: mode, op: contains, label: Rule }
  top: { op: where, sql: 'answers < :value', label: Top share, default: 10, min: 0, max: 100, unit: '%' }
`,
});

function asMap(params: Readonly<Record<string, string | readonly string[]>>): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]));
}

test('defaults stand where nothing is said', () => {
  expect(Object.fromEntries(readFilters(QUIZ, new Map()).filters ?? [])).toEqual({
    mode: { op: 'eq', value: 'gap' },
    modes: { op: 'in', values: ['gap', 'half_day'] },
    day: { op: 'between', lastDays: 30 },
    top: { op: 'where', value: '10' },
  });
  expect(QUIZ.filters.map((filter) => filterDefault(filter))).toEqual([
    ['gap'],
    ['gap', 'half_day'],
    ['last-30'],
    [],
    [],
    ['10'],
  ]);
});

test('a default is turned off by ~all, unless there is always a value', () => {
  const { filters } = readFilters(QUIZ, asMap({ modes: '~all', day: '..' }));
  expect([...(filters?.keys() ?? [])]).toEqual(['mode', 'top']);
  expect(readFilters(QUIZ, asMap({ mode: '~all', top: '~all' })).errors).toEqual([
    { parameter: 'mode', detail: 'needs a value: the report is of one at a time' },
    { parameter: 'top', detail: 'needs a value: the report is of one at a time' },
  ]);
});

test.each<[Readonly<Record<string, string | readonly string[]>>, string, string]>([
  [{ mdoe: 'gap' }, 'mdoe', 'quiz has no such filter; did you mean "mode"?'],
  [{ mode: ['a', 'b'] }, 'mode', 'takes one value; it was given several times'],
  [{ mode: 'a\0' }, 'mode', 'expected a text of at most 1000 letters'],
  [{ mode: 'x'.repeat(1001) }, 'mode', 'expected a text of at most 1000 letters'],
  [{ day: '2026-02-30' }, 'day', 'expected a day such as 2026-08-03'],
  [{ day: 'a..b..c' }, 'day', 'expected a span such as 2026-08-03..2026-11-22, 2026-08-03.. or last-30'],
  [{ top: '101' }, 'top', 'must be at most 100'],
  [{ top: '-1' }, 'top', 'must be at least 0'],
  [{ top: 'NaN' }, 'top', 'expected a number such as 12.5'],
  [{ modes: Array.from({ length: 201 }, (_, at) => String(at)) }, 'modes', 'at most 200 values'],
])('%j: %s %s', (params, parameter, detail) => {
  expect(readFilters(QUIZ, asMap(params))).toEqual({ errors: [{ parameter, detail }] });
});

test('values become canonical, so that equal questions are the same question', () => {
  const { filters } = readFilters(
    ALL_TYPES,
    asMap({ flag: 'YES', part: ' 07 ', exact: ['1.50', '1.50'], price: '01..2' }),
  );
  expect(Object.fromEntries(filters ?? [])).toMatchObject({
    flag: { op: 'eq', value: 'true' },
    part: { op: 'eq', value: '7' },
    exact: { op: 'in', values: ['1.50'] },
    price: { op: 'between', from: '1', to: '2' },
  });
});

test.each<[Readonly<Record<string, string>>, string]>([
  [{ sort: 'answer' }, 'quiz has no column "answer"; did you mean "answers"?'],
  [{ sort: 'day,-day' }, 'names a column twice'],
  [{ limit: '0' }, 'expected a whole number from 1 to 1000'],
  [{ limit: '1001' }, 'expected a whole number from 1 to 1000'],
  [{ limit: '1e2' }, 'expected a whole number from 1 to 1000'],
  [{ after: 'abc' }, 'is not the `next` of a page of these rows in this order; begin without it'],
])('%j: %s', (params, detail) => {
  const [parameter] = Object.keys(params);
  expect(readRowsQuery(QUIZ, asMap(params))).toEqual({ errors: [{ parameter, detail }] });
});

test('filters are told in words', () => {
  const told = (params: Readonly<Record<string, string | readonly string[]>>): readonly string[] =>
    describeFilters(QUIZ, readFilters(QUIZ, asMap(params)).filters ?? new Map()).map((one) =>
      one.replace('\u202f', ' '),
    );
  expect(told({})).toEqual(['Rule By gap', 'Rules gap or half_day', 'Day the last 30 days', 'Top share 10 %']);
  expect(told({ modes: ['a', 'b', 'c', 'd', '~'], day: '2026-08-03..', month: '2026-08-01..2026-09-01' })).toEqual([
    'Rule By gap',
    'Rules a, b, c and 2 more',
    'Day from 3 Aug 2026',
    'Month Aug 2026 – Sept 2026',
    'Top share 10 %',
  ]);
  expect(told({ modes: '~', day: '2026-08-03', words: 'a b', top: '5' })).toEqual([
    'Rule By gap',
    'Rules without a value',
    'Day 3 Aug 2026',
    'Rule contains “a b”',
    'Top share 5 %',
  ]);
});

import type { Session } from '@rollcall/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_TYPES, ALL_TYPES_TABLE } from '../../test/all-types.js';
import { reportWarehouse, type ReportWarehouse } from '../../test/report-warehouse.js';
import type { Row } from '../shown/api.js';
import { chartColumns, chartCountStatement, chartStatement } from './chart-statement.js';
import { extentStatement, optionsStatement } from './filter-options.js';
import { readFilters } from './read-filters.js';
import { readRowsQuery } from './read-rows-query.js';
import type { Statement } from './rows-query.js';
import { countStatement, exportStatement, rowsStatement, rowStatement } from './rows-statement.js';
import { tilesStatement } from './tiles-statement.js';

const ROWS = `
INSERT INTO report.all_types (word, part, note, flag, count, price, exact, ratio, day, at) VALUES
  ('a', 1, 'Apple 100%', true, 9007199254740993, 0.10, 1e-20, 0.1, '2026-08-03', '2026-08-03 21:59:59.999999Z'),
  ('b', 1, 'apple_pie', false, 2, 1.50, 'NaN', 'NaN', '2026-08-04', '2026-08-03 22:00:00Z'),
  ('c', 2, 'back\\slash Ä', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  ('~', 3, NULL, true, -5, -2.00, '-Infinity', '-Infinity', 'infinity', 'infinity'),
  (''';--', 4, 'apple', true, 7, 3.00, 12.50, 1e300, '2026-07-01', '2026-07-01 00:00:00Z');`;

let here: ReportWarehouse;
beforeAll(async () => void (here = await reportWarehouse(`${ALL_TYPES_TABLE};${ROWS}`)));
afterAll(() => here[Symbol.asyncDispose]());

type Params = Readonly<Record<string, string | readonly string[]>>;

function asMap(params: Params): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]));
}

function ask<R extends object = Row>({ text, values }: Statement): Promise<readonly R[]> {
  return here.warehouse.session((session: Session) => session.rows<R>(text, values));
}

async function words(params: Params): Promise<readonly unknown[]> {
  const { query, errors } = readRowsQuery(ALL_TYPES, asMap({ sort: 'word', ...params }));
  expect(errors).toEqual([]);
  return query ? (await ask(rowsStatement(ALL_TYPES, query))).map((row) => row['word']) : [];
}

const ALL = ["';--", 'a', 'b', 'c', '~'];

test.each<[Params, readonly string[]]>([
  [{}, ALL],
  [{ word: ['a', '~~', "';--"] }, ["';--", 'a', '~']],
  [{ note: ['~', 'apple'] }, ["';--", '~']],
  [{ note: '~' }, ['~']],
  [{ note: '~all' }, ALL],
  [{ part: '1' }, ['a', 'b']],
  [{ flag: 'false' }, ['b']],
  [{ flag: '~' }, ['c']],
  [{ says: 'APPLE' }, ["';--", 'a', 'b']],
  [{ says: '0%' }, ['a']],
  [{ says: 'e_p' }, ['b']],
  [{ says: 'k\\s' }, ['c']],
  [{ says: 'ä' }, ['c']],
  [{ says: '%' }, ['a']],
  [{ count: '9007199254740993..' }, ['a']],
  [{ count: '-5..2' }, ['b', '~']],
  [{ count: '7' }, ["';--"]],
  [{ price: '..0.1' }, ['a', '~']],
  [{ price: '1.4999..1.5001' }, ['b']],
  [{ exact: ['NaN', '12.5'] }, ["';--", 'b']],
  [{ ratio: '0.1..1' }, ['a']],
  [{ day: '2026-08-03..2026-08-04' }, ['a', 'b']],
  // The newest day is 4 August: infinity is no day.
  [{ day: 'last-1' }, ['b', '~']],
  [{ day: 'last-2' }, ['a', 'b', '~']],
  // In Amsterdam it is the 4th from 22:00 UTC on.
  [{ at: '2026-08-03' }, ['a']],
  [{ at: '2026-08-04..2026-08-04' }, ['b']],
  [{ at: '2026-08-03T22:00:00Z..' }, ['b', '~']],
  [{ at: 'last-1' }, ['b', '~']],
  [{ at: 'last-2' }, ['a', 'b', '~']],
  [{ least: '7' }, ["';--", 'a', 'c']],
  [{ part: '1', says: 'pie' }, ['b']],
])('%j finds %j', async (params, found) => {
  expect(await words(params)).toEqual(found);
  const { filters } = readFilters(ALL_TYPES, asMap(params));
  const [count] = await ask<{ total: string }>(countStatement(ALL_TYPES, filters ?? new Map()));
  expect(count?.total).toBe(String(found.length));
});

const ATTACKS = [
  "' OR 1=1 --",
  "'; DROP TABLE report.all_types; --",
  '" OR ""="',
  '\\',
  "\\'",
  '/*',
  '*/',
  '--',
  '$1',
  '$$',
  '%',
  "a\u0000b'",
  'ʼ OR 1=1',
  '＇ OR 1=1',
  '\u202e',
  ') OR (1=1',
  '1; SELECT pg_sleep(9)',
  '~~~~',
  'NaN',
  '\ud800',
];

test('no value of any filter reaches beyond its place', async () => {
  for (const { name } of ALL_TYPES.filters) {
    for (const attack of ATTACKS) {
      for (const params of [{ [name]: attack }, { [name]: `${attack}..${attack}` }, { [name]: [attack, 'a'] }]) {
        const { filters } = readFilters(ALL_TYPES, asMap(params));
        if (!filters) continue;
        const { text, values } = countStatement(ALL_TYPES, filters);
        expect(text).not.toContain(attack.length > 2 ? attack : '\u0000');
        const [count] = await ask<{ total: string }>({ text, values });
        expect(Number(count?.total), JSON.stringify(params)).toBeLessThan(ALL.length);
      }
    }
  }
  expect(await words({})).toEqual(ALL);
});

test('no name of a parameter and no sort reaches the statement', () => {
  for (const attack of [...ATTACKS, '__proto__', 'constructor', 'word"; DROP TABLE x']) {
    expect(readFilters(ALL_TYPES, asMap({ [attack]: 'a' }))).toMatchObject({ errors: [{ parameter: attack }] });
    for (const key of ['sort', 'limit', 'after']) {
      const { query, errors } = readRowsQuery(ALL_TYPES, asMap({ [key]: attack }));
      expect(query).toBeUndefined();
      expect(errors.map(({ parameter }) => parameter)).toEqual([key]);
    }
  }
});

test('cells are ready for JSON, and exact', async () => {
  const { query } = readRowsQuery(ALL_TYPES, asMap({ sort: 'word' }));
  const rows = query ? await ask(rowsStatement(ALL_TYPES, query)) : [];
  expect(rows).toEqual(JSON.parse(JSON.stringify(rows)));
  expect(rows[1]).toEqual({
    word: 'a',
    part: 1,
    note: 'Apple 100%',
    flag: true,
    count: '9007199254740993',
    price: '0.10',
    exact: '0.00000000000000000001',
    ratio: 0.1,
    day: '2026-08-03',
    at: '2026-08-03T21:59:59.999999Z',
  });
  expect(rows[2]).toMatchObject({ exact: 'NaN', ratio: 'NaN' });
  expect(rows[3]).toMatchObject({ flag: null, count: null, ratio: null, at: null });
  expect(rows[4]).toMatchObject({ exact: '-Infinity', ratio: '-Infinity', day: 'infinity', at: 'infinity' });
  expect(rows[0]).toMatchObject({ ratio: 1e300, at: '2026-07-01T00:00:00.000000Z' });
  expect(await ask(exportStatement(ALL_TYPES, { filters: new Map(), sort: query?.sort ?? [] }))).toEqual(rows);
  expect(await ask(rowStatement(ALL_TYPES, { word: 'a', part: 1 }))).toEqual([rows[1]]);
});

test('tiles are counted over the filtered rows', async () => {
  const { filters = new Map() } = readFilters(ALL_TYPES, asMap({ part: '1' }));
  expect(await ask(tilesStatement(ALL_TYPES, filters))).toEqual([
    {
      rows: '2',
      total: '9007199254740995',
      middle: 'NaN',
      mean: '0.80000000000000000000',
      notes: '2',
      first: '2026-08-03T21:59:59.999999Z',
      last: '2026-08-04',
    },
  ]);
});

test('a chart is grouped and cut in the database', async () => {
  const [chart] = ALL_TYPES.charts;
  if (!chart) throw new Error('the report has a chart');
  const { filters = new Map() } = readFilters(ALL_TYPES, asMap({ flag: 'true' }));
  expect(await ask(chartStatement(ALL_TYPES, chart, filters))).toEqual([
    { note: 'Apple 100%', rows: '1' },
    { note: 'apple', rows: '1' },
    { note: null, rows: '1' },
  ]);
  expect(await ask(chartCountStatement(ALL_TYPES, chart, filters))).toEqual([{ total: '3' }]);
  expect(chartColumns(ALL_TYPES, chart).map(({ name, type, additive }) => [name, type, additive])).toEqual([
    ['note', 'text', 'none'],
    ['rows', 'int8', 'sum'],
  ]);
});

test('options are the values with their rows, and an extent has both ends', async () => {
  const filter = (name: string): Parameters<typeof optionsStatement>[1] => {
    const found = ALL_TYPES.filters.find((one) => one.name === name);
    if (!found) throw new Error(`no filter ${name}`);
    return found;
  };
  expect(await ask(optionsStatement(ALL_TYPES, filter('flag')))).toEqual([
    { value: 'false', rows: '1' },
    { value: 'true', rows: '3' },
    { value: null, rows: '1' },
  ]);
  expect(await ask(optionsStatement(ALL_TYPES, filter('least')))).toEqual([]);
  expect(await ask(extentStatement(ALL_TYPES, filter('count')))).toEqual([{ min: '-5', max: '9007199254740993' }]);
  expect(await ask(extentStatement(ALL_TYPES, filter('at')))).toEqual([
    { min: '2026-07-01T00:00:00.000000Z', max: 'infinity' },
  ]);
});

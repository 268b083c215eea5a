import { seededRandom } from '@rollcall/testkit';
import type { Session } from '@rollcall/warehouse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_TYPES, ALL_TYPES_TABLE, compareTexts, randomRow, type TextRow } from '../../test/all-types.js';
import { reportWarehouse, type ReportWarehouse } from '../../test/report-warehouse.js';
import type { SortKey } from '../report.js';
import type { Row } from '../shown/api.js';
import { readRowsQuery } from './read-rows-query.js';
import { nextCursor, rowsStatement } from './rows-statement.js';

const STANDING = 120;
const LIMIT = 17;
const COLUMNS = ALL_TYPES.columns.map(({ name }) => name);

let here: ReportWarehouse;
beforeAll(async () => void (here = await reportWarehouse(ALL_TYPES_TABLE)));
afterAll(() => here[Symbol.asyncDispose]());

async function insert(session: Session, rows: readonly TextRow[]): Promise<void> {
  for (const row of rows) {
    const places = COLUMNS.map((_, at) => `$${at + 1}`).join(', ');
    const values = COLUMNS.map((name) => row[name] ?? null);
    await session.run(`INSERT INTO report.all_types VALUES (${places})`, values);
  }
}

/** All pages, with the table changed between them; `change` never touches a standing row. */
async function pages(
  session: Session,
  params: ReadonlyMap<string, readonly string[]>,
  change: () => Promise<void>,
): Promise<readonly Row[]> {
  const out: Row[] = [];
  for (let after: readonly string[] = []; ;) {
    const { query, errors } = readRowsQuery(
      ALL_TYPES,
      new Map([...params, ['after', after], ['limit', [String(LIMIT)]]]),
    );
    expect(errors).toEqual([]);
    if (!query) return out;
    const { text, values } = rowsStatement(ALL_TYPES, query);
    const rows = await session.rows<Row>(text, values);
    out.push(...rows.slice(0, LIMIT));
    const next = nextCursor(ALL_TYPES, query, rows, 'r1');
    if (next === null) return out;
    after = [next];
    await change();
  }
}

/** The oracle: a sort in plain words. NULL last in both directions, the grain breaks ties. */
function sorted(rows: readonly TextRow[], keys: readonly SortKey[]): readonly TextRow[] {
  const whole = [...keys, ...ALL_TYPES.grain.map((column) => ({ column, descending: false }))];
  return [...rows].sort((a, b) => {
    for (const { column, descending } of whole) {
      const type = ALL_TYPES.columns.find(({ name }) => name === column)?.type.name ?? '';
      const [left, right] = [a[column] ?? null, b[column] ?? null];
      if (left === null || right === null) {
        if (left !== right) return left === null ? 1 : -1;
        continue;
      }
      const order = compareTexts(type, left, right);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  });
}

const SORTS = [
  ...COLUMNS.flatMap((name) => [name, `-${name}`]),
  'note,-day',
  '-flag,ratio,-exact',
  'at,-price,note',
  '-note,-word',
];

test('every order pages through each standing row once, in order, while others come and go', async () => {
  const random = seededRandom();
  const standing = Array.from({ length: STANDING }, (_, at) => randomRow(random, at));
  let part = STANDING;
  await here.warehouse.session(async (session) => {
    await session.run('TRUNCATE report.all_types');
    await insert(session, standing);
    for (const sort of SORTS) {
      const keys = sort.split(',').map((key) => ({ column: key.replace(/^-/, ''), descending: key.startsWith('-') }));
      const rows = await pages(session, new Map([['sort', [sort]]]), async () => {
        await session.run('DELETE FROM report.all_types WHERE part >= $1 AND part % 2 = $2', [
          STANDING,
          random.below(2),
        ]);
        await insert(
          session,
          Array.from({ length: 3 }, () => randomRow(random, part++)),
        );
      });
      const got = rows.map((row) => Number(row['part'])).filter((at) => at < STANDING);
      const wanted = sorted(standing, keys).map((row) => Number(row['part']));
      expect(got, sort).toEqual(wanted);
    }
  });
});

test('what a row shows can be sent back as a filter and finds it', async () => {
  const random = seededRandom();
  await here.warehouse.session(async (session) => {
    await session.run('TRUNCATE report.all_types');
    await insert(
      session,
      Array.from({ length: 60 }, (_, at) => randomRow(random, at)),
    );
    const all = await pages(session, new Map(), () => Promise.resolve());
    for (const row of all) {
      for (const filter of ALL_TYPES.filters) {
        if (filter.op !== 'in' && filter.op !== 'eq') continue;
        const cell = row[filter.column] ?? null;
        const text = cell === null ? '~' : String(cell).replace(/^~/, '~~');
        const found = await pages(session, new Map([[filter.name, [text]]]), () => Promise.resolve());
        const same = all.filter((other) => other[filter.column] === cell);
        // 0.1 and 0.10 are the same number in other words.
        expect(found.length, `${filter.name}=${text}`).toBeGreaterThanOrEqual(same.length);
        expect(found).toEqual(expect.arrayContaining([...same]));
      }
    }
  });
});

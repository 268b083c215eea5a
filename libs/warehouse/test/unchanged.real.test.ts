import { describe, expect, it } from 'vitest';
import { loadGroup, replayQuarantined, type StagedBatch, type Warehouse } from '../src/index.js';
import { datasetOf, logBatch, positionOf, rowsBatch, type TestRow } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

const users = (history: string, contract = 'types: quarantine', columns = 'n: { type: int4 }, note: { type: text },') =>
  datasetOf(`
source: shop
kind: postgres
connection: SHOP_URL
datasets:
  users:
    capture: { mode: log }
    key: [id]
    history: ${history}
    contract: { ${contract} }
    columns: { id: { type: int8 }, ${columns} doc: { type: json } }
`);

type Users = ReturnType<typeof users>;

/** A row at a point of the log: `id n note doc`; `~` is a value that the log did not repeat, `<k` says where the row stood before. */
function at(point: number, text: string): TestRow {
  const [op = '', id = '', n = '', note = '', doc = '', before] = text.split(' ');
  if (op === 't') return { op, position: positionOf(point), scope: '[]' };
  if (op === 'd') return { op, position: positionOf(point), values: { id: BigInt(id) } };
  const unchanged = Object.entries({ note, doc }).flatMap(([name, value]) => (value === '~' ? [name] : []));
  const given = (value: string): string | null => (value === '~' || value === '-' ? null : value);
  return {
    position: positionOf(point),
    values: { id: BigInt(id), n: Number(n), note: given(note), doc: given(doc) },
    ...(unchanged.length > 0 && { unchanged: JSON.stringify(unchanged) }),
    ...(before !== undefined && { previous: JSON.stringify([before.slice(1)]) }),
  };
}

/** The part of a log from `first` on, behind what ended at `after`. */
function part(dataset: Users, after: number | undefined, rows: readonly TestRow[]): StagedBatch {
  return logBatch(dataset, rows, after === undefined ? undefined : positionOf(after));
}

async function standing(warehouse: Warehouse): Promise<readonly string[]> {
  const rows = await warehouse.query<{ line: string }>(
    `SELECT concat_ws(' ', id, n, coalesce(note, '-'), coalesce(doc::text, '-')) AS line FROM analytics.users ORDER BY id`,
  );
  return rows.map((row) => row.line);
}

async function waiting(warehouse: Warehouse): Promise<readonly object[]> {
  return warehouse.query(
    `SELECT reason, "column", row_key, right(position, 1) AS at FROM ops.quarantine WHERE status = 'open' ORDER BY position`,
  );
}

async function emptied(warehouse: Warehouse): Promise<void> {
  await warehouse.session(async (session) => {
    await session.run('TRUNCATE ops.batch, ops.load, ops.floor, ops.quarantine, ops.chain CASCADE');
    for (const table of ['raw.users', 'history._users'])
      await session.run(`DO $$ BEGIN IF to_regclass('${table}') IS NOT NULL THEN TRUNCATE ${table}; END IF; END $$`);
  });
}

for (const history of ['none', 'scd2']) {
  describe(`values that the log did not repeat (history ${history})`, () => {
    const dataset = users(history);

    it('are found when a row that went to another key and back comes again in a longer batch', async () => {
      await using fixture = await testWarehouse();
      const { warehouse } = fixture;
      const there = [at(3, 'd 6'), at(4, 'u 46 10 ~ ~ <6'), at(5, 'd 46'), at(6, 'u 6 10 ~ ~ <6')];
      await loadGroup(warehouse, dataset, [part(dataset, undefined, [at(1, 'u 6 10 long {"a":1}')])]);
      await loadGroup(warehouse, dataset, [part(dataset, 1, [...there, at(7, 'u 46 1 many -')])]);
      const again = [...there, at(7, 'u 46 1 many -'), at(8, 'u 46 2 many -')];
      const { load } = await loadGroup(warehouse, dataset, [part(dataset, 1, again)]);
      expect(load?.counts.quarantined).toBe(0);
      expect(await standing(warehouse)).toEqual(['6 10 long {"a": 1}', '46 2 many -']);
    });

    it('are those of the row before, in raw or in the same load, also through a chain of them', async () => {
      await using fixture = await testWarehouse();
      const { warehouse } = fixture;
      await loadGroup(warehouse, dataset, [
        part(dataset, undefined, [at(1, 'u 1 10 long {"a":1}'), at(2, 'u 2 20 - -')]),
      ]);
      const { load } = await loadGroup(warehouse, dataset, [
        part(dataset, 2, [at(3, 'u 1 11 ~ ~')]),
        part(dataset, 3, [at(4, 'u 1 12 ~ {"b":2}'), at(5, 'u 3 30 other {"c":3}')]),
        part(dataset, 5, [at(6, 'u 1 13 ~ ~'), at(7, 'u 3 31 ~ ~')]),
      ]);
      expect(load?.counts).toMatchObject({ in: 5, quarantined: 0 });
      expect(await standing(warehouse)).toEqual(['1 13 long {"b": 2}', '2 20 - -', '3 31 other {"c": 3}']);
    });

    it('are looked for where the row stood before its key changed, through moves to and fro', async () => {
      await using fixture = await testWarehouse();
      const { warehouse } = fixture;
      const first = part(dataset, undefined, [at(1, 'u 1 10 one {"k":1}'), at(2, 'u 2 20 two {"k":2}')]);
      const swap = part(dataset, 2, [
        at(3, 'd 1'),
        at(4, 'u 9 11 ~ ~ <1'),
        at(5, 'd 2'),
        at(6, 'u 1 21 ~ ~ <2'),
        at(7, 'd 9'),
        at(8, 'u 2 12 ~ ~ <1'),
      ]);
      const back = part(dataset, 8, [at(9, 'd 2'), at(10, 'u 7 13 ~ ~ <2'), at(11, 'u 7 14 ~ ~ <2')]);
      await loadGroup(warehouse, dataset, [first]);
      await loadGroup(warehouse, dataset, [swap]);
      expect(await standing(warehouse)).toEqual(['1 21 two {"k": 2}', '2 12 one {"k": 1}']);
      await loadGroup(warehouse, dataset, [back]);
      expect(await standing(warehouse)).toEqual(['1 21 two {"k": 2}', '7 14 one {"k": 1}']);
      await using once = await testWarehouse();
      expect((await loadGroup(once.warehouse, dataset, [back, first, swap])).load?.counts).toMatchObject({
        quarantined: 0,
      });
      expect(await standing(once.warehouse)).toEqual(await standing(warehouse));
    });

    it('are found in whatever state raw is, where batches overlap in another cut', async () => {
      const rows = [
        at(1, 'u 1 10 one {"k":1}'),
        at(2, 'u 2 20 two {"k":2}'),
        at(3, 'u 1 11 ~ ~'),
        at(4, 'd 1'),
        at(5, 'u 5 12 ~ ~ <1'),
        at(6, 'd 2'),
        at(7, 'u 1 21 ~ ~ <2'),
        at(8, 'd 5'),
        at(9, 'u 2 13 ~ ~ <1'),
        at(10, 'u 1 22 ~ ~ <2'),
      ];
      const cut = (
        after: number | undefined,
        from: number,
        to: number,
        changed: Readonly<Record<number, string>> = {},
      ) =>
        part(
          dataset,
          after,
          rows
            .slice(from - 1, to)
            .map((row, index) =>
              changed[from + index] === undefined ? row : at(from + index, changed[from + index] ?? ''),
            ),
        );
      const first = cut(undefined, 1, 2);
      const short = cut(2, 3, 5);
      const long = cut(2, 3, 7);
      const whole = cut(2, 3, 10);
      // What the extractor says of rows behind position 5 in a batch that begins there.
      const tail = cut(5, 6, 10, { 9: 'u 2 13 ~ ~ <5' });
      const orders = [
        [first, short, tail],
        [first, long, tail],
        // Another row stands where this one stood before the batch, and both are in raw.
        [first, long, whole],
        [first, long, short, tail],
        [first, short, long, tail],
      ];
      await using fixture = await testWarehouse();
      for (const [index, order] of orders.entries()) {
        for (const together of [false, true]) {
          await emptied(fixture.warehouse);
          const groups = together ? [order] : order.map((batch) => [batch]);
          for (const group of groups) await loadGroup(fixture.warehouse, dataset, group);
          expect({
            index,
            together,
            rows: await standing(fixture.warehouse),
            waits: await waiting(fixture.warehouse),
          }).toEqual({
            index,
            together,
            rows: ['1 22 two {"k": 2}', '2 13 one {"k": 1}'],
            waits: [],
          });
        }
      }
    });

    it('wait where the row before is not to be found, and so do those that lean on a row that waits', async () => {
      await using fixture = await testWarehouse();
      const { warehouse } = fixture;
      await loadGroup(warehouse, dataset, [
        part(dataset, undefined, [at(1, 'u 1 10 one {"k":1}'), at(2, 'u 2 20 two {"k":2}'), at(3, 'd 2')]),
      ]);
      const bad: TestRow = { position: positionOf(5), values: { id: 1n, n: 11, note: 'new', doc: '{' } };
      const counts = await loadGroup(warehouse, dataset, [
        part(dataset, 3, [at(4, 'u 2 21 ~ {"k":3}'), bad]),
        part(dataset, 5, [at(6, 'u 1 12 ~ ~'), at(7, 'u 3 30 ~ -')]),
      ]);
      expect(counts.load?.counts).toMatchObject({ in: 4, quarantined: 4 });
      expect(await waiting(warehouse)).toEqual([
        { reason: 'base-missing', column: 'note', row_key: '["2"]', at: '0' },
        { reason: 'type-mismatch', column: 'doc', row_key: '["1"]', at: '0' },
        { reason: 'base-missing', column: 'note', row_key: '["1"]', at: '0' },
        { reason: 'base-missing', column: 'note', row_key: '["3"]', at: '0' },
      ]);
      expect(await standing(warehouse)).toEqual(['1 10 one {"k": 1}']);
      // Behind a row with its own values nothing is in doubt any more.
      await loadGroup(warehouse, dataset, [part(dataset, 7, [at(8, 'u 1 13 whole {"k":9}')])]);
      await loadGroup(warehouse, dataset, [part(dataset, 8, [at(9, 'u 1 14 ~ ~')])]);
      expect(await standing(warehouse)).toEqual(['1 14 whole {"k": 9}']);
    });

    it('are resolved before a TRUNCATE of the same load takes the row before away', async () => {
      await using fixture = await testWarehouse();
      const { warehouse } = fixture;
      await loadGroup(warehouse, dataset, [part(dataset, undefined, [at(1, 'u 1 10 one {"k":1}')])]);
      const { load } = await loadGroup(warehouse, dataset, [
        part(dataset, 1, [at(2, 'u 1 11 ~ ~'), at(3, 't'), at(4, 'u 1 12 new -')]),
      ]);
      expect(load?.counts).toMatchObject({ in: 3, quarantined: 0 });
      expect(await standing(warehouse)).toEqual(['1 12 new -']);
      if (history === 'none') return;
      expect(await warehouse.query('SELECT n, note FROM history.users ORDER BY _position')).toEqual([
        { n: 10, note: 'one' },
        { n: 11, note: 'one' },
        { n: 12, note: 'new' },
      ]);
    });

    it('come out of _rest where they stand there, in one form', async () => {
      await using fixture = await testWarehouse();
      const { warehouse } = fixture;
      const keeps = users(history, 'types: keep, columns: keep', 'n: { type: int4 },');
      const types = users(history).columns.map((column) =>
        column.name === 'doc' ? { ...column, type: { name: 'text' } as const } : column,
      );
      const batch = (after: number | undefined, row: TestRow) =>
        logBatch(keeps, [row], after === undefined ? undefined : positionOf(after), { columns: types });
      await loadGroup(warehouse, keeps, [batch(undefined, at(1, 'u 1 10 long {'))]);
      await loadGroup(warehouse, keeps, [batch(1, at(2, 'u 1 11 ~ ~'))]);
      expect(await warehouse.query('SELECT n, doc, _rest::text FROM raw.users')).toEqual([
        { n: 11, doc: null, _rest: '{"doc":"{","note":"long"}' },
      ]);
    });
  });
}

describe('rows that wait for the row before them', () => {
  it('are replayed when it is there', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const dataset = users('scd2');
    const leaning = part(dataset, undefined, [at(5, 'u 1 11 ~ -')]);
    await loadGroup(warehouse, dataset, [leaning]);
    await loadGroup(warehouse, dataset, [
      rowsBatch(dataset, [at(2, 'u 1 10 one -')], { range: { kind: 'run', run: 'r', part: 0 } }),
    ]);
    expect(
      await replayQuarantined(warehouse, dataset, [part(dataset, undefined, [at(5, 'u 1 11 ~ -')])]),
    ).toMatchObject({ replayed: 1 });
    expect(await standing(warehouse)).toEqual(['1 11 one -']);
    expect(await waiting(warehouse)).toEqual([]);
  });
});

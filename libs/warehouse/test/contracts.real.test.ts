import { describe, expect, it } from 'vitest';
import {
  listQuarantine,
  loadGroup,
  openWarehouse,
  postgres,
  replayQuarantined,
  settleQuarantine,
  showQuarantine,
} from '../src/index.js';
import { datasetOf, positionOf, rejectedBatch, rowsBatch, type TestRow } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

interface Shape {
  readonly columns?: string;
  readonly modes?: string;
  readonly key?: string;
}

const thing = ({
  columns = 'id: { type: int4 }, name: { type: text }, amount: { type: "decimal(6,2)" }',
  modes = '',
  key = 'id',
}: Shape = {}) =>
  datasetOf(`
source: desk
kind: http
datasets:
  things:
    capture: { mode: full }
    key: [${key}]
    contract: { ${modes} }
    columns: { ${columns} }
`);

const row = (n: number, values: TestRow['values'], rest: string | null = null): TestRow => ({
  position: positionOf(n),
  values: values ?? {},
  rest,
});

describe('contract modes', () => {
  it('quarantine a row whose value does not fit, with its column, and count it', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const things = thing({ modes: 'types: quarantine' });
    const { load } = await loadGroup(warehouse, things, [
      rowsBatch(things, [
        row(1, { id: 1, name: 'a\0b', amount: '1.00' }),
        row(2, { id: 2, name: 'fine', amount: null }, '{"amount":"12345678.9"}'),
        row(3, { id: null, name: 'no key', amount: null }),
        row(4, { id: 4, name: '', amount: '9999.99' }),
      ]),
    ]);
    expect(load).toMatchObject({ counts: { in: 4, merged: 1, quarantined: 3 }, touched: ['ops.quarantine'] });
    expect(
      (await listQuarantine(warehouse)).map(({ reason, column, lane, position }) => ({
        reason,
        column,
        lane,
        position,
      })),
    ).toEqual([
      { reason: 'type-mismatch', column: 'name', lane: 'rows', position: positionOf(1) },
      { reason: 'type-mismatch', column: 'amount', lane: 'rows', position: positionOf(2) },
      { reason: 'key-missing', column: 'id', lane: 'rows', position: positionOf(3) },
    ]);
    // NULL is not ''.
    expect(await warehouse.query('SELECT name, amount FROM analytics.things')).toEqual([
      { name: '', amount: '9999.99' },
    ]);
  });

  it('keep a misfit as text in _rest, exactly as it came', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const things = thing({ modes: 'types: keep, columns: keep' });
    await loadGroup(warehouse, things, [
      rowsBatch(things, [
        row(1, { id: 1, name: 'n', amount: null }, '{"amount":"abc","big":12345678901234567890,"x":{"a":[1]}}'),
      ]),
    ]);
    expect(await warehouse.query('SELECT amount, _rest::text AS rest FROM raw.things')).toEqual([
      { amount: null, rest: '{"amount":"abc","big":12345678901234567890,"x":{"a":[1]}}' },
    ]);
  });

  it('stop before anything changed where the contract is frozen', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const load = (modes: string, rest: string) => {
      const things = thing({ modes });
      return loadGroup(warehouse, things, [rowsBatch(things, [row(1, { id: 1, name: 'n', amount: null }, rest)])]);
    };
    await expect(load('tables: freeze', '{}')).rejects.toMatchObject({ code: 'load/contract-frozen' });
    await expect(load('columns: freeze', '{"more":1}')).rejects.toMatchObject({ code: 'load/contract-frozen' });
    await expect(load('types: freeze', '{"amount":"x"}')).rejects.toMatchObject({ code: 'load/contract-frozen' });
    expect(await warehouse.query('SELECT 1 FROM ops.batch')).toEqual([]);
  });

  it('evolve columns out of unknown fields, at the end of the view, up to the cap', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const things = thing({ modes: 'columns: evolve' });
    const many = Object.fromEntries(Array.from({ length: 199 }, (_, n) => [`field${n}`, n]));
    await loadGroup(warehouse, things, [
      rowsBatch(things, [row(1, { id: 1, name: 'n', amount: null }, '{"Net Carrier":"o2","nul":"a\\u0000"}')]),
    ]);
    await loadGroup(warehouse, things, [
      rowsBatch(things, [
        row(2, { id: 2, name: 'n', amount: null }, JSON.stringify({ ...many, over: 'cap', 'Net Carrier': 5 })),
      ]),
    ]);
    expect(
      await warehouse.query('SELECT net_carrier, field0, field198, _rest::text AS rest FROM raw.things ORDER BY id'),
    ).toEqual([
      { net_carrier: 'o2', field0: null, field198: null, rest: '{"nul":"a\\u0000"}' },
      { net_carrier: '5', field0: '0', field198: '198', rest: '{"over":"cap"}' },
    ]);
    const columns = await warehouse.query<{ attname: string }>(
      `SELECT attname FROM pg_attribute WHERE attrelid = 'analytics.things'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    expect(columns.slice(0, 6).map((column) => column.attname)).toEqual([
      'id',
      'name',
      'amount',
      '_batch_id',
      '_position',
      'net_carrier',
    ]);
  });

  it('replay what was quarantined under the contract of today, once', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const strict = thing({ modes: 'types: quarantine, columns: quarantine' });
    const lax = thing({
      columns: 'id: { type: int4 }, name: { type: text }, amount: { type: numeric }, more: { type: text }',
      modes: 'types: quarantine, columns: keep',
    });
    const rows = [
      row(1, { id: 1, name: 'a', amount: null }, '{"amount":"12345678.9"}'),
      row(2, { id: 2, name: 'b', amount: null }, '{"more":"x"}'),
      row(3, { id: 3, name: 'c', amount: null }, '{"amount":"never"}'),
      row(4, { id: 4, name: 'd', amount: '1.00' }),
    ];
    const batch = () => rowsBatch(strict, rows);
    await loadGroup(warehouse, strict, [batch()]);
    const first = await replayQuarantined(warehouse, lax, [batch()]);
    expect(first).toMatchObject({ replayed: 2, stillRefused: 1, counts: { merged: 2 } });
    expect(await replayQuarantined(warehouse, lax, [batch()])).toMatchObject({
      replayed: 0,
      stillRefused: 1,
      counts: { merged: 0 },
    });
    expect(await warehouse.query('SELECT id, amount, more FROM analytics.things ORDER BY id')).toEqual([
      { id: 1, amount: '12345678.9', more: null },
      { id: 2, amount: null, more: 'x' },
      { id: 4, amount: '1.00', more: null },
    ]);
    const left = await listQuarantine(warehouse, { status: 'open' });
    expect(left.map(({ position, tries }) => ({ position, tries }))).toEqual([{ position: positionOf(3), tries: 3 }]);
    const ids = left.map((entry) => entry.id);
    expect(await settleQuarantine(warehouse, ids, 'discarded', 'ann')).toBe(1);
    expect(await settleQuarantine(warehouse, ids, 'replayed', 'bob')).toBe(0);
  });

  it('keep the sealed bytes of a rejected record for whoever has the key', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const things = thing();
    const sealed = Uint8Array.from([0, 255, 10, 92]);
    const batch = () =>
      rejectedBatch(things, [
        { position: positionOf(1), reason: 'field-count', sealed },
        { position: positionOf(2), reason: 'bad-key' },
      ]);
    await loadGroup(warehouse, things, [batch()]);
    await loadGroup(warehouse, things, [batch()]);
    const [entry, other] = await listQuarantine(warehouse, { dataset: 'things', lane: 'rejected' });
    expect(entry).toMatchObject({
      reason: 'field-count',
      place: 'line 2',
      format: 'csv',
      header: '["a","b"]',
      length: 12,
      status: 'open',
    });
    expect(Uint8Array.from((await showQuarantine(warehouse, entry?.id ?? ''))?.sealed ?? [])).toEqual(sealed);
    expect(await showQuarantine(warehouse, other?.id ?? '')).not.toHaveProperty('sealed');
    expect(await showQuarantine(warehouse, 'x')).toBeUndefined();
  });

  it('find the rows that the server refuses though the checks let them through, and load the others', async () => {
    await using fixture = await testWarehouse();
    // A dialect whose checks fail to see anything: what they would have caught must be caught by the server.
    await using blind = openWarehouse(fixture.url, { dialect: { ...postgres, fits: () => () => true } });
    const things = thing({ columns: 'id: { type: int4 }, name: { type: text }, amount: { type: numeric }' });
    const rows = Array.from({ length: 40 }, (_, id) =>
      row(id + 1, { id, name: id === 7 ? 'nul\0' : 'n', amount: id === 20 ? 'not a number' : '1' }),
    );
    const { load } = await loadGroup(blind, things, [rowsBatch(things, rows, { groupRows: 16 })]);
    expect(load?.counts).toMatchObject({ in: 40, merged: 38, quarantined: 2 });
    expect((await listQuarantine(blind)).map(({ reason, position }) => ({ reason, position }))).toEqual([
      { reason: 'warehouse-refused', position: positionOf(8) },
      { reason: 'warehouse-refused', position: positionOf(21) },
    ]);
  });

  it('refuse a load whose rows are not those that were announced', async () => {
    await using fixture = await testWarehouse();
    const things = thing();
    const lying = rowsBatch(things, [row(1, { id: 1, name: 'n', amount: null })], { rows: 2 });
    await expect(loadGroup(fixture.warehouse, things, [lying])).rejects.toMatchObject({ code: 'lake/corrupt' });
    expect(await fixture.warehouse.query('SELECT 1 FROM ops.batch')).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { loadGroup } from '../src/index.js';
import { datasetOf, positionOf, rejectedBatch, rowsBatch } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

const PEOPLE = datasetOf(`
source: desk
kind: http
datasets:
  people:
    capture: { mode: full }
    key: [team, id]
    max_delete: 50%
    columns:
      team: { type: text }
      id: { type: int8 }
      name: { type: text, lower: true }
      born: { type: date }
`);

const row = (n: number, team: string, id: number, name: string) => ({
  position: positionOf(n),
  values: { team, id: BigInt(id), name, born: null },
});

describe('loadGroup', () => {
  it('loads a batch once, and says the load again when the batch is offered again', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const batch = () => rowsBatch(PEOPLE, [row(1, 'a', 1, 'Ann'), row(2, 'a', 2, 'Bob')]);
    const first = await loadGroup(warehouse, PEOPLE, [batch()]);
    expect(first.load?.counts).toEqual({
      in: 2,
      merged: 2,
      superseded: 0,
      duplicate: 0,
      quarantined: 0,
      held: 0,
      erased: 0,
    });
    const again = await loadGroup(warehouse, PEOPLE, [batch()]);
    expect(again).toEqual({ earlier: [first.load], waiting: [] });
    expect(await warehouse.query('SELECT team, id, name, _position FROM analytics.people ORDER BY id')).toEqual([
      { team: 'a', id: '1', name: 'ann', _position: positionOf(1) },
      { team: 'a', id: '2', name: 'bob', _position: positionOf(2) },
    ]);
  });

  it('lets the highest position win, whatever the order, and accounts for every row', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, PEOPLE, [
      rowsBatch(PEOPLE, [row(5, 'a', 1, 'new'), row(3, 'a', 1, 'old'), row(4, 'a', 1, 'new')]),
    ]);
    const late = await loadGroup(warehouse, PEOPLE, [
      rowsBatch(PEOPLE, [row(1, 'a', 1, 'older'), row(2, 'a', 1, 'new'), row(9, 'a', 1, 'new')]),
    ]);
    expect(late.load?.counts).toMatchObject({ in: 3, merged: 0, duplicate: 2, superseded: 1 });
    expect(await warehouse.query('SELECT name, _position FROM raw.people')).toEqual([
      { name: 'new', _position: positionOf(9) },
    ]);
  });

  it('keeps tombstones out of analytics and brings a row back that comes after them', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, PEOPLE, [rowsBatch(PEOPLE, [row(1, 'a', 1, 'x'), { ...row(2, 'a', 1, 'x'), op: 'd' }])]);
    expect(await warehouse.query('SELECT name, _deleted FROM raw.people')).toEqual([{ name: null, _deleted: true }]);
    expect(await warehouse.query('SELECT * FROM analytics.people')).toEqual([]);
    await loadGroup(warehouse, PEOPLE, [rowsBatch(PEOPLE, [row(3, 'a', 1, 'y')])]);
    expect(await warehouse.query('SELECT name FROM analytics.people')).toEqual([{ name: 'y' }]);
  });

  it('clears a scope, also of rows that arrive later', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, PEOPLE, [
      rowsBatch(PEOPLE, [row(1, 'a', 1, 'x'), row(2, 'b', 1, 'y'), row(3, 'b', 2, 'y')]),
    ]);
    const cleared = await loadGroup(warehouse, PEOPLE, [
      rowsBatch(PEOPLE, [{ op: 't', position: positionOf(10), scope: '["a"]' }]),
    ]);
    expect(cleared.load?.counts).toMatchObject({ in: 1, merged: 1 });
    const late = await loadGroup(warehouse, PEOPLE, [
      rowsBatch(PEOPLE, [row(9, 'a', 2, 'late'), row(11, 'a', 3, 'new')]),
    ]);
    expect(late.load?.counts).toMatchObject({ in: 2, merged: 1, superseded: 1 });
    expect(await warehouse.query('SELECT team, id FROM analytics.people ORDER BY 1, 2')).toEqual([
      { team: 'a', id: '3' },
      { team: 'b', id: '1' },
      { team: 'b', id: '2' },
    ]);
  });

  it('loads both lanes, and a rejected record once', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const loaded = await loadGroup(warehouse, PEOPLE, [
      rowsBatch(PEOPLE, [row(1, 'a', 1, 'x')]),
      rejectedBatch(PEOPLE, [{ position: positionOf(2), reason: 'field-count', sealed: Buffer.from([0, 1, 255]) }]),
    ]);
    expect(loaded.load).toMatchObject({ counts: { in: 2, merged: 1, quarantined: 1 }, touched: ['ops.quarantine'] });
  });
});

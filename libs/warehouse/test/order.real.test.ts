import { describe, expect, it } from 'vitest';
import { approveHeld, discardHeld, listHeld, loadGroup, warehouseDigest } from '../src/index.js';
import { answerRow, ANSWERS, sessionsIn } from './answers.js';
import { datasetOf, positionOf, rowsBatch, type TestRow } from './batches.js';
import type { NaiveRow } from './naive-sessions.js';
import { testWarehouse } from './test-warehouse.js';

const LOG = datasetOf(
  'source: shop\nkind: postgres\nconnection: S\ndatasets:\n  users:\n    capture: { mode: log }\n    key: [id]\n    columns: { id: { type: int4 }, n: { type: int4 } }',
);

function link(from: number, to: number, epoch = 1, first = false) {
  const rows: TestRow[] = Array.from({ length: to - from }, (_, index) => ({
    position: positionOf(from + index + 1, 0, epoch),
    values: { id: 1, n: from + index + 1 },
  }));
  const range = { kind: 'log' as const, first: positionOf(from + 1, 0, epoch), last: positionOf(to, 0, epoch) };
  return rowsBatch(LOG, rows, { range, ...(!first && { after: positionOf(from, 0, epoch) }) });
}

describe('log chains', () => {
  it('hold back what comes behind a gap, name it, and go on when it is filled', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const early = await loadGroup(warehouse, LOG, [link(5, 8)]);
    expect(early).toEqual({
      earlier: [],
      waiting: [{ kind: 'chain-gap', batchId: link(5, 8).announced.batchId, after: positionOf(5) }],
    });
    await loadGroup(warehouse, LOG, [link(0, 3, 1, true)]);
    const gap = await loadGroup(warehouse, LOG, [link(5, 8)]);
    expect(gap.waiting).toEqual([
      { kind: 'chain-gap', batchId: link(5, 8).announced.batchId, after: positionOf(5), standsAt: positionOf(3) },
    ]);
    expect(await warehouse.query('SELECT n FROM raw.users')).toEqual([{ n: 3 }]);
    const filled = await loadGroup(warehouse, LOG, [link(5, 8), link(2, 5)]);
    expect(filled.waiting).toEqual([]);
    expect(filled.load?.counts).toMatchObject({ in: 6, merged: 1 });
    expect(await warehouse.query('SELECT epoch, position FROM ops.chain')).toEqual([
      { epoch: '0001', position: positionOf(8) },
    ]);
  });

  it('begin anew with each epoch', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, LOG, [link(0, 3, 1, true), link(0, 2, 2, true)]);
    await loadGroup(warehouse, LOG, [link(3, 4, 1), link(2, 3, 2)]);
    expect(await warehouse.query('SELECT n, _position FROM raw.users')).toEqual([
      { n: 3, _position: positionOf(3, 0, 2) },
    ]);
  });

  it('do not hold back batches of other kinds', async () => {
    await using fixture = await testWarehouse();
    const snapshot = rowsBatch(LOG, [{ position: positionOf(1), values: { id: 9, n: 1 } }], {
      range: { kind: 'run', run: 'r', part: 0 },
    });
    expect((await loadGroup(fixture.warehouse, LOG, [link(7, 8), snapshot])).load?.batchIds).toEqual([
      snapshot.announced.batchId,
    ]);
  });
});

describe('clears', () => {
  const FULL = datasetOf(
    'source: desk\nkind: http\ndatasets:\n  seats:\n    capture: { mode: full }\n    key: [hall, seat]\n    max_delete: 50%\n    columns: { hall: { type: text }, seat: { type: int4 }, who: { type: text } }',
  );
  const seat = (n: number, hall: string, number: number): TestRow => ({
    position: positionOf(n),
    values: { hall, seat: number, who: 'x' },
  });
  const clear = (n: number, scope: string): TestRow => ({ op: 't', position: positionOf(n), scope });

  it('wait for the batches they need', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const part = rowsBatch(FULL, [seat(5, 'a', 1)]);
    const end = () => rowsBatch(FULL, [clear(9, '[]')], { needs: [part.announced.batchId] });
    expect((await loadGroup(warehouse, FULL, [end()])).waiting).toEqual([
      { kind: 'needs', batchId: end().announced.batchId, missing: [part.announced.batchId] },
    ]);
    expect((await loadGroup(warehouse, FULL, [end(), part])).load?.counts).toMatchObject({ in: 2 });
  });

  it('that would delete too much are held until an operator approves them', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, FULL, [rowsBatch(FULL, [seat(1, 'a', 1), seat(2, 'a', 2), seat(3, 'b', 1)])]);
    const held = await loadGroup(warehouse, FULL, [rowsBatch(FULL, [clear(10, '["a"]'), seat(11, 'a', 3)])]);
    expect(held.load).toMatchObject({ counts: { in: 2, merged: 1, held: 1 }, touched: ['ops.held'] });
    expect(await warehouse.query('SELECT count(*) FROM analytics.seats')).toEqual([{ count: '4' }]);
    const [entry] = await listHeld(warehouse, { status: 'waiting' });
    expect(entry).toMatchObject({ dataset: 'seats', scope: '["a"]', wouldDelete: 2, standing: 3 });
    expect(await approveHeld(warehouse, FULL, entry?.id ?? '', 'ann')).toBe(true);
    expect(await approveHeld(warehouse, FULL, entry?.id ?? '', 'ann')).toBe(false);
    expect(await discardHeld(warehouse, entry?.id ?? '', 'bob')).toBe(false);
    expect(await warehouse.query('SELECT hall, seat FROM analytics.seats ORDER BY 1, 2')).toEqual([
      { hall: 'a', seat: 3 },
      { hall: 'b', seat: 1 },
    ]);
    const late = await loadGroup(warehouse, FULL, [rowsBatch(FULL, [seat(9, 'a', 1)])]);
    expect(late.load?.counts).toMatchObject({ superseded: 1 });
  });

  it('that only replace what the same load brings again are not held', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, FULL, [rowsBatch(FULL, [seat(1, 'a', 1), seat(2, 'a', 2)])]);
    const again = await loadGroup(warehouse, FULL, [
      rowsBatch(FULL, [clear(10, '["a"]'), seat(11, 'a', 1), seat(12, 'a', 2)]),
    ]);
    expect(again.load?.counts).toMatchObject({ held: 0, merged: 3 });
  });

  it('of a log are never held', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, LOG, [link(0, 1, 1, true)]);
    const truncate = rowsBatch(LOG, [{ op: 't', position: positionOf(5), scope: '[]' }], {
      range: { kind: 'log', first: positionOf(5), last: positionOf(5) },
      after: positionOf(1),
    });
    expect((await loadGroup(warehouse, LOG, [truncate])).load?.counts).toMatchObject({ merged: 1, held: 0 });
    expect(await warehouse.query('SELECT * FROM raw.users')).toEqual([]);
  });

  it('with a scope that is none of the key go to quarantine', async () => {
    await using fixture = await testWarehouse();
    const bad = rowsBatch(FULL, [
      clear(1, '["a",1,2]'),
      clear(2, 'nonsense'),
      clear(3, '["a","b"]'),
      clear(4, '[null]'),
    ]);
    expect((await loadGroup(fixture.warehouse, FULL, [bad])).load?.counts).toMatchObject({ in: 4, quarantined: 4 });
  });

  it('reach the sessions of what they delete', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const at = (minute: number): NaiveRow => ({
      by: 'e',
      at: BigInt(minute) * 60_000_000n,
      participant: 'p',
      question: 'q',
    });
    const rows = [0, 10, 60].map((minute, index) => answerRow(at(minute), 1, index));
    await loadGroup(warehouse, ANSWERS, [rowsBatch(ANSWERS, rows)]);
    expect(await sessionsIn(warehouse)).toHaveLength(3);
    const scope = JSON.stringify(['question-answer', 'e']);
    const cleared = await loadGroup(warehouse, { ...ANSWERS, maxDelete: 1 }, [
      rowsBatch(ANSWERS, [{ op: 't', position: positionOf(5), scope }]),
    ]);
    expect(cleared.load?.touched).toEqual(['analytics.answer_session']);
    expect(await sessionsIn(warehouse)).toEqual([]);
    expect((await warehouseDigest(warehouse))['raw.answers']).toMatch(/^0:/);
  });
});

import type { BatchWritten } from '@rollcall/contracts';
import { describe, expect, it } from 'vitest';
import { planLoads } from './plan-loads.js';

function batch(dataset: string, id: string, rows = 10, point = id): BatchWritten {
  return {
    format: 1,
    batchId: id.padEnd(26, 'a'),
    source: 's',
    dataset,
    lane: 'rows',
    range: { kind: 'run', run: id, part: 0 },
    rows,
    contract: '0123456789ab',
    origin: 'test',
    firstPosition: `0000-${point.padStart(16, '0')}-00000000`,
    extractedAt: '2026-01-01T00:00:00Z',
    key: `${dataset}/${id}`,
    bytes: 1,
    sha256: '0'.repeat(64),
  };
}

const bounds = () => ({ maxRows: 100, maxBatches: 3, maxBytes: 1_000 });

describe('planLoads', () => {
  it('keeps datasets apart', () => {
    const plan = planLoads([batch('a', 'b'), batch('c', 'd'), batch('a', 'e')], bounds);
    expect(plan.map((p) => [p.dataset, p.batches.length])).toEqual([
      ['a', 2],
      ['c', 1],
    ]);
  });

  it('takes a batch that is announced twice once', () => {
    expect(planLoads([batch('a', 'b'), batch('a', 'b')], bounds)[0]?.batches).toHaveLength(1);
  });

  it('orders by position, whatever the order of arrival', () => {
    const plan = planLoads([batch('a', 'x', 1, '3'), batch('a', 'y', 1, '1'), batch('a', 'z', 1, '2')], bounds);
    expect(plan[0]?.batches.map((b) => b.batchId[0])).toEqual(['y', 'z', 'x']);
  });

  it('bounds a transaction by rows and by batches', () => {
    const many = ['b', 'c', 'd', 'e'].map((id) => batch('a', id, 1));
    expect(planLoads(many, bounds).map((p) => p.batches.length)).toEqual([3, 1]);
    const large = ['b', 'c', 'd'].map((id) => batch('a', id, 60));
    expect(planLoads(large, bounds).map((p) => p.batches.length)).toEqual([1, 1, 1]);
  });

  it('bounds a transaction by the bytes of its objects', () => {
    const heavy = ['b', 'c', 'd'].map((id) => ({ ...batch('a', id, 1), bytes: 400 }));
    expect(planLoads(heavy, bounds).map((p) => p.batches.length)).toEqual([2, 1]);
  });

  it('puts a batch behind those it needs, and apart from many rows', () => {
    const [clear, one, two] = [batch('a', 'x', 1, '1'), batch('a', 'y', 60_000, '2'), batch('a', 'z', 60_000, '3')];
    const last = { ...clear, needs: [one.batchId, two.batchId] };
    const large = () => ({ maxRows: 1_000_000, maxBatches: 64, maxBytes: 1e9 });
    const ids = (batches: readonly BatchWritten[]) =>
      planLoads(batches, large).map((p) => p.batches.map((b) => b.batchId[0]));
    expect(ids([last, one, two])).toEqual([['y', 'z'], ['x']]);
    expect(ids([last, { ...one, rows: 5 }, { ...two, rows: 5 }])).toEqual([['y', 'z', 'x']]);
    expect(ids([{ ...last, needs: ['elsewhere'] }, one])).toEqual([['x', 'y']]);
    expect(
      ids([
        { ...one, needs: [two.batchId] },
        { ...two, needs: [one.batchId] },
      ]),
    ).toEqual([['y', 'z']]);
  });

  it('loads a batch that alone exceeds the bound', () => {
    expect(planLoads([batch('a', 'b', 1_000_000)], bounds)).toHaveLength(1);
  });
});

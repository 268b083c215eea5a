import type { BatchWritten } from '@rollcall/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neededIds, planBatches, type LedgerFacts } from './plan-batches.js';

const at = (point: number, epoch = '0001'): string => `${epoch}-${point.toString(16).padStart(16, '0')}-00000000`;
const NOTHING: LedgerFacts = { chain: new Map(), loaded: new Set() };

function batch(batchId: string, more: Partial<BatchWritten>): BatchWritten {
  return {
    format: 1,
    batchId,
    source: 's',
    dataset: 'd',
    lane: 'rows',
    range: { kind: 'run', run: 'r', part: 0 },
    rows: 1,
    contract: '0'.repeat(12),
    origin: 'o',
    extractedAt: '2026-01-01T00:00:00Z',
    key: 'k',
    bytes: 1,
    sha256: '0'.repeat(64),
    ...more,
  };
}

const link = (from: number, to: number): BatchWritten =>
  batch(`b${from}`, {
    range: { kind: 'log', first: at(from + 1), last: at(to) },
    ...(from > 0 && { after: at(from) }),
  });

describe('planBatches', () => {
  it('applies a whole chain in order, however it was shuffled', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (order) => {
        const plan = planBatches(
          order.map((n) => link(n * 10, n * 10 + 10)),
          NOTHING,
        );
        expect(plan.apply.map(({ batchId }) => batchId)).toEqual(['b0', 'b10', 'b20', 'b30', 'b40', 'b50']);
        expect(plan.chain).toEqual(new Map([['0001', at(60)]]));
      }),
    );
  });

  it('applies the head of a broken chain and names the gap', () => {
    const plan = planBatches([link(30, 40), link(0, 10), link(10, 20)], NOTHING);
    expect(plan.apply).toHaveLength(2);
    expect(plan.waiting).toEqual([{ kind: 'chain-gap', batchId: 'b30', after: at(30), standsAt: at(20) }]);
  });

  it('takes what overlaps or lies behind: key and position absorb it, and the chain never goes back', () => {
    const plan = planBatches([link(5, 12)], { chain: new Map([['0001', at(40)]]), loaded: new Set() });
    expect(plan).toMatchObject({ apply: [{ batchId: 'b5' }], waiting: [] });
    expect(plan.chain.size).toBe(0);
  });

  it('lets batches wait for those they need, unless they come along', () => {
    const needy = batch('t', { needs: ['x', 'y'] });
    expect(planBatches([needy], { ...NOTHING, loaded: new Set(['x']) }).waiting).toEqual([
      { kind: 'needs', batchId: 't', missing: ['y'] },
    ]);
    expect(
      planBatches([needy, batch('y', {})], { ...NOTHING, loaded: new Set(['x']) }).apply.map(({ batchId }) => batchId),
    ).toEqual(['y', 't']);
    expect(neededIds([needy])).toEqual(['t', 'x', 'y']);
  });

  it('does not chain the lane of rejected records', () => {
    expect(planBatches([{ ...link(30, 40), lane: 'rejected' }], NOTHING)).toMatchObject({
      apply: [{ batchId: 'b30' }],
      waiting: [],
    });
  });

  it('looks at each needed batch a few times only, also through trees of them in the worst order', () => {
    const parts = Array.from({ length: 20_000 }, (_, n) => batch(`part-${n}`, { firstPosition: at(n + 1) }));
    const gathered = Array.from({ length: 40 }, (_, n) =>
      batch(`gather-${n}`, { needs: parts.slice(n * 500, n * 500 + 500).map(({ batchId }) => batchId) }),
    );
    const end = batch('end', { needs: gathered.map(({ batchId }) => batchId) });
    let looked = 0;
    const loaded = new (class extends Set<string> {
      override has(id: string): boolean {
        looked++;
        return super.has(id);
      }
    })();
    const plan = planBatches([end, ...gathered, ...parts.toReversed()], { chain: new Map(), loaded });
    expect(plan.apply).toHaveLength(20_041);
    expect(plan.apply.at(-1)).toBe(end);
    expect(looked).toBeLessThan(25_000);
  });
});

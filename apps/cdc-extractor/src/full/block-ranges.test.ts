import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutRanges, isCutOf, segmentsOf, segmentSql, type Leaf } from './block-ranges.js';

const leaves = fc
  .array(fc.nat(6000), { minLength: 1, maxLength: 12 })
  .map((sizes) => sizes.map((blocks, at): Leaf => ({ sql: `leaf_${at}`, oid: at + 1, fileNode: at + 100, blocks })));

describe('cutRanges', () => {
  it('covers every block of every leaf once, and its end whatever it grows to', () => {
    fc.assert(
      fc.property(leaves, (all) => {
        const cut = cutRanges(all);
        const segments = cut.ranges.flatMap((_, range) => segmentsOf(cut, range, all));
        for (const { sql, blocks } of all) {
          const own = segments.filter(({ leaf }) => leaf === sql).sort((a, b) => a.from - b.from);
          expect(own[0]?.from).toBe(0);
          own.forEach(({ to }, at) => expect(to).toBe(own[at + 1]?.from));
          expect(own.filter(({ to }) => to === undefined)).toHaveLength(1);
          for (const { from, to = blocks } of own) expect(to).toBeGreaterThanOrEqual(from);
        }
      }),
    );
  });

  it('makes no more ranges than the state may hold, of a table of any size', () => {
    for (const blocks of [0, 1, 255, 256, 100_000, 10_000_000, 4_000_000_000]) {
      const { ranges } = cutRanges([{ sql: 't', oid: 1, fileNode: 1, blocks }]);
      expect(ranges.length).toBeGreaterThan(0);
      expect(ranges.length).toBeLessThanOrEqual(512);
    }
  });

  it('does not hold any more once a leaf was rewritten, dropped or added', () => {
    const all: Leaf[] = [1, 2].map((oid) => ({ sql: `t${oid}`, oid, fileNode: oid, blocks: 10 }));
    const cut = cutRanges(all);
    const [first, second] = all;
    if (!first || !second) throw new Error('two leaves');
    expect(isCutOf(cut, all)).toBe(true);
    expect(isCutOf(cut, [second, { ...first, blocks: 99 }])).toBe(true);
    expect(isCutOf(cut, [first])).toBe(false);
    expect(isCutOf(cut, [first, { ...second, fileNode: 77 }])).toBe(false);
    expect(isCutOf(cut, [...all, { ...first, oid: 3 }])).toBe(false);
  });
});

describe('segmentSql', () => {
  it('asks for blocks, and for what was written since', () => {
    expect(segmentSql({ leaf: 't', from: 0 })).toBe('FROM t');
    expect(segmentSql({ leaf: 't', from: 3, to: 9 }, (7n << 32n) | 42n)).toBe(
      `FROM t WHERE ctid >= '(3,0)' AND ctid < '(9,0)' AND age(xmin) <= age('42'::xid)`,
    );
  });
});

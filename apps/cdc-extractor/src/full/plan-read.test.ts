import { describe, expect, it } from 'vitest';
import { batchesOf, MAX_ATTEMPTS, partOf, withRangeDone, type WholeRead } from '../state/whole-read.js';
import { planRead, tasksOf, type ReadSeen } from './plan-read.js';

const seen: ReadSeen = {
  name: 'run:1',
  epoch: 2,
  lsn: 1000n,
  xmin: 50n,
  leaves: [{ sql: 't', oid: 7, fileNode: 8, blocks: 1000 }],
  now: 99n,
};
const begun = planRead(undefined, seen);
const later = { ...seen, name: 'run:2', lsn: 2000n, xmin: 60n };

describe('planRead', () => {
  it('begins with ranges nobody has read', () => {
    expect(begun).toMatchObject({ epoch: 2, lsn: '1000', xmin: '50', asOf: '99', attempts: ['run:1'], rows: 0 });
    expect(tasksOf(begun)).toEqual(begun.ranges.map((_, range) => ({ range })));
  });

  it('goes on: ranges that are left first, then what was written since in the others', () => {
    const read = planRead(withRangeDone(begun, 1, 3, 500), later);
    expect(read).toMatchObject({ lsn: '1000', xmin: '50', attempts: ['run:1', 'run:2'], rows: 500 });
    expect(tasksOf(read)).toEqual([{ range: 0 }, { range: 2 }, { range: 3 }, { range: 1, newerThan: 50n }]);
  });

  it.each<[string, WholeRead, ReadSeen]>([
    ['the order of positions ended', begun, { ...later, epoch: 3 }],
    ['the table was rewritten', begun, { ...later, leaves: [{ sql: 't', oid: 7, fileNode: 9, blocks: 1000 }] }],
    ['the server went back', begun, { ...later, xmin: 40n }],
    ['ids do not tell any more what is newer', begun, { ...later, xmin: 50n + 1_000_000_000n }],
    ['it was tried too often', { ...begun, attempts: Array.from({ length: MAX_ATTEMPTS }, (_, n) => `a:${n}`) }, later],
  ])('begins anew where %s', (_, before, now) => {
    expect(planRead(before, now)).toMatchObject({ lsn: '2000', attempts: ['run:2'] });
  });
});

describe('batchesOf', () => {
  it('names the batches of all attempts by number alone', () => {
    const first = withRangeDone(begun, 0, 2, 10);
    const both = withRangeDone(planRead(first, later), 0, 1, 1);
    expect(new Set(batchesOf(both, 'users')).size).toBe(3);
    expect(batchesOf(both, 'users').slice(0, 2)).toEqual(batchesOf(first, 'users'));
    expect(partOf(0, 0)).toBe(1);
    expect(() => partOf(0, 1 << 20)).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { arrivalFaults, arrivalTable, type Arrival } from './arrival-table.js';
import type { DemoPart } from './state-file.js';

const arrival: Arrival = {
  dataset: 'answers',
  lakeBatches: 12,
  lakeRows: 40_000,
  lakeRejected: 0,
  notLoaded: 0,
  warehouseRows: 39_800,
  sessions: 700,
  halfDaySessions: 650,
  quarantined: 0,
};
const part: DemoPart = { dataset: 'answers', via: 'drop', sent: 40_000, distinct: 39_800, malformed: 0, sessions: 700 };

describe('arrivalTable', () => {
  it('shows every stage of a dataset in one line', () => {
    const [, , line] = arrivalTable([arrival], [part]).split('\n');
    expect(line?.split(/ {2,}/)).toEqual(['answers', '40,000 dropped', '12', '40,000', '39,800', '700', '650', '0']);
  });

  it('shows a dash where there is nothing to say', () => {
    const { sessions: _, halfDaySessions: __, ...plain } = arrival;
    const [, , line] = arrivalTable([{ ...plain, dataset: 'app_events' }], []).split('\n');
    expect(line?.split(/ {2,}/)).toEqual(['app_events', '-', '12', '40,000', '39,800', '-', '-', '0']);
  });
});

describe('arrivalFaults', () => {
  it('finds none when all agrees', () => {
    expect(arrivalFaults([arrival], [part], true)).toEqual([]);
  });

  it.each<[Partial<Arrival>, string]>([
    [{ warehouseRows: 39_799 }, 'answers: 39,799 rows in the warehouse, 39,800 expected'],
    [{ warehouseRows: 39_801 }, 'answers: 39,801 rows in the warehouse, 39,800 expected'],
    [{ quarantined: 1 }, 'answers: 1 records in quarantine, 0 expected'],
    [{ sessions: 699 }, 'answers: 699 sessions by gap, 700 expected'],
    [{ notLoaded: 1 }, 'answers: 1 batches of the lake are not in the ledger'],
  ])('%j', (change, sentence) => {
    expect(arrivalFaults([{ ...arrival, ...change }], [part], true)).toEqual([sentence]);
  });

  it('takes more than the demo for fine when other data came too, and less never', () => {
    const more = { ...arrival, warehouseRows: 50_000, sessions: 1, quarantined: 7 };
    expect(arrivalFaults([more], [part], false)).toEqual([]);
    expect(arrivalFaults([{ ...more, notLoaded: 2 }], [part], false)).toHaveLength(1);
    expect(arrivalFaults([{ ...arrival, warehouseRows: 1 }], [part], false)).toHaveLength(1);
  });

  it('misses a dataset that is not there at all', () => {
    expect(arrivalFaults([], [part], true)).toEqual(['answers: not in the catalog of this run']);
  });
});

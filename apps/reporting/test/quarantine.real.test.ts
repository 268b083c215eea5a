import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Quarantine } from '../src/waiting/quarantine.js';
import type { QuarantineQuery } from '../src/waiting/quarantine-query.js';
import { lineageBed, type LineageBed } from './lineage-bed.js';

let bed: LineageBed;

beforeAll(async () => {
  bed = await lineageBed();
  await bed.bus('app_events', [
    ['bad', event('a')],
    ['bad', 'worse'],
    [event('b'), event('c')],
  ]);
  await bed.clear('app_events');
}, 120_000);

afterAll(async () => bed[Symbol.asyncDispose]());

describe('the quarantine', () => {
  const ALL: QuarantineQuery = { dataset: null, reason: null, status: 'open', after: null, limit: 50 };

  it('is grouped, told by place and origin, and never by what stood there', async () => {
    const answer = await new Quarantine(bed.warehouse, bed.book).answer(ALL);
    expect(answer.groups).toMatchObject([
      {
        dataset: 'app_events',
        reason: 'not-an-object',
        column: null,
        open: 3,
        last24h: 3,
        reports: ['daily_events_by_platform'],
      },
    ]);
    expect(answer.total).toBe(3);
    expect(answer.entries[0]).toMatchObject({
      lane: 'rejected',
      sealed: true,
      status: 'open',
      tries: 1,
      place: 'message EVENTS item 1',
    });
    expect(answer.held).toMatchObject([{ dataset: 'app_events', wholeDataset: true, wouldDelete: 3, standing: 3 }]);
    expect(JSON.stringify(answer)).not.toMatch(/worse|"bad"|sealed":"/);
  });

  it('pages from the newest to the oldest, each entry once', async () => {
    const quarantine = new Quarantine(bed.warehouse, bed.book);
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await quarantine.answer({ ...ALL, limit: 1, after });
      ids.push(...page.entries.map(({ id }) => id));
      if (page.next === null) break;
      after = page.next;
    }
    expect(ids).toHaveLength(3);
    expect(ids.map(Number)).toEqual(ids.map(Number).sort((a, b) => b - a));
  });

  it.each([
    [{ dataset: 'answers' }, 0],
    [{ reason: `x' OR true --` }, 0],
    [{ reason: 'not-an-object' }, 3],
    [{ status: 'discarded' as const }, 0],
    [{ status: 'all' as const }, 3],
  ])('is filtered by %j', async (change, total) => {
    const answer = await new Quarantine(bed.warehouse, bed.book).answer({ ...ALL, ...change });
    expect(answer).toMatchObject({ total, next: null });
    expect(answer.entries).toHaveLength(total);
  });
});

function event(id: string): Record<string, string> {
  return { id, received_at: '2026-01-02 03:04:05', event: 'opened', timestamp: '2026-01-02 03:04:05' };
}

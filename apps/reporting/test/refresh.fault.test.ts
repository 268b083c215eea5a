import { until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { REFRESH_EFFECTS, type RefreshEffect } from '../src/engine/refresh-report.js';
import { engineBed, type EngineBed, type SourceRecord } from './engine-bed.js';
import { EVENTS, smallReport } from './small-reports.js';

const event = (id: string, name: string): SourceRecord => ({
  id,
  event: name,
  timestamp: '2026-03-01T10:00:00Z',
  received_at: '2026-03-01T10:00:00Z',
});

/** What a quiet computation of all loads gives. */
const QUIET = [
  { event: 'a', events: '1' },
  { event: 'b', events: '2' },
];

/** An engine that dies right after the effect: its connection is thrown away as a killed process leaves it, and it does nothing any more. */
async function dieAt(bed: EngineBed, effect: RefreshEffect): Promise<number> {
  const died = Promise.withResolvers<void>();
  const running = bed.start({
    onEffect: async (reached) => {
      if (reached !== effect) return;
      died.resolve();
      throw new Error(`killed after ${effect}`);
    },
  });
  await died.promise;
  await expect(running.stop()).rejects.toThrow(`killed after ${effect}`);
  return running.announced.length;
}

const announced = async (bed: EngineBed): Promise<readonly boolean[]> =>
  (await bed.rows<{ announced: boolean }>('SELECT announced FROM ops.report')).map((row) => row.announced);

describe.each(['first', 'later'] as const)('killed in the %s refresh of a report', (which) => {
  it.each(REFRESH_EFFECTS)(
    'after %s, the next engine ends where a quiet one does, and has announced it',
    async (effect) => {
      await using bed = await engineBed();
      await bed.write('events', smallReport('events', EVENTS));
      await bed.load('app_events', [event('1', 'a'), event('2', 'a')]);
      if (which === 'later') {
        await using quiet = bed.start();
        await until(async () => (await announced(bed))[0], { what: 'the first state' });
        await quiet.stop();
      }
      await bed.load('app_events', [event('2', 'b'), event('3', 'b')]);
      const said = await dieAt(bed, effect);
      expect(said).toBe(effect === 'announced' ? 1 : 0);
      expect(await announced(bed)).toEqual(effect !== 'computed' ? [false] : which === 'later' ? [true] : []);
      await using next = bed.start();
      await until(() => next.engine.book.get('events')?.rows === 2, { what: 'the state of all loads' });
      await until(async () => (await announced(bed))[0], { what: 'the record of the announcement' });
      expect(next.announced.map(({ served }) => served.refreshId)).toEqual([next.engine.book.get('events')?.refreshId]);
      expect(await bed.rows('SELECT event, events FROM report.events ORDER BY 1')).toEqual(QUIET);
      const tables = `SELECT relname FROM pg_class WHERE relnamespace = 'report_store'::regnamespace AND relkind = 'r'`;
      expect(await bed.rows(tables)).toEqual([{ relname: 'events' }]);
    },
  );
});

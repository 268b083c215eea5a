import { seededRandom } from '@rollcall/testkit';
import { LOAD_EFFECTS } from '@rollcall/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../stage.js';
import { dropAnswers } from '../traffic.js';

/** The process is killed right after each of these; `announced` is the last thing before the acknowledgement. */
const EFFECTS = [...LOAD_EFFECTS, 'announced'] as const;

describe('the loader, kill -9 after each of its effects', () => {
  let stage: Stage;
  let answers = 0;
  let files = 0;

  beforeAll(async () => {
    stage = await openStage();
    await stage.platform.start('ingest-logs');
  }, 120_000);

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it.each(EFFECTS)('dies after %s and loads the batch effect once when it comes back', async (effect) => {
    const loader = await stage.platform.start('warehouse-loader', { ROLLCALL_CRASH_AT: effect });
    answers += await dropAnswers(stage.platform, seededRandom(), 1, 400);
    expect(await loader.exited).toMatchObject({ signal: 'SIGKILL' });
    // The scan at start finds the batch; its announcement comes again when the broker misses the acknowledgement.
    const again = await stage.platform.start('warehouse-loader');
    files += 1;
    await stage.reaches('FROM ops.batch', files);
    await again.stop();
    const accounted = await stage.rows<{ batches: string; loads: string }>(
      `SELECT (SELECT sum(rows) FROM ops.batch) AS batches, (SELECT sum((counts->>'in')::bigint) FROM ops.load) AS loads`,
    );
    expect(accounted[0]?.loads).toBe(accounted[0]?.batches);
  });

  it('takes every announcement that comes again for what it is, and leaves a warehouse that equals a rebuild', async () => {
    await stage.platform.start('warehouse-loader');
    await stage.settled();
    expect(await stage.count('FROM ops.batch')).toBe(files);
    expect(await stage.count('FROM raw.answers')).toBeGreaterThan(answers * 0.99);
    expect(await stage.differences()).toEqual([]);
  });
});

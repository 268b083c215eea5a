import { seededRandom } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { openStage, startBoth } from '../stage.js';
import { dropAnswers, sendEvents } from '../traffic.js';

const EVENTS = ['--total', '20000', '--rate', '5000', '--duplicates', '1%', '--dirty', '0.1%'];

describe('two loaders on one warehouse', () => {
  it('give the same tables and do nothing twice', async () => {
    await using stage = await openStage();
    const random = seededRandom();
    await startBoth(stage);
    await using second = await stage.platform.startSecond('warehouse-loader');
    const answers = await dropAnswers(stage.platform, random, 8, 1_500);
    const tally = await sendEvents(stage.platform, [...EVENTS, '--seed', String(random.seed)]);
    await stage.reaches('FROM raw.app_events', tally.distinctIds);
    await stage.reaches('FROM analytics.answers', answers);
    await stage.settled();
    expect(second.lines.join('\n')).toContain('batches loaded');
    const rows = await stage.rows<{ batches: string; loads: string }>(
      "SELECT (SELECT sum(rows) FROM ops.batch) AS batches, (SELECT sum((counts->>'in')::bigint) FROM ops.load) AS loads",
    );
    expect(rows[0]?.loads).toBe(rows[0]?.batches);
    expect(await stage.differences()).toEqual([]);
  }, 240_000);
});

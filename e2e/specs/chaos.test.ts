import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, type ServiceName } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../stage.js';
import { dropAnswers, sendEvents } from '../traffic.js';

const EVENTS = ['--total', '20000', '--rate', '5000', '--duplicates', '1%', '--dirty', '0.1%'];

async function startBoth(stage: Stage): Promise<void> {
  await Promise.all([stage.platform.start('ingest-logs'), stage.platform.start('warehouse-loader')]);
}

describe('a platform whose parts are killed under load', () => {
  it.each(['ingest-logs', 'warehouse-loader'] as const satisfies ServiceName[])(
    '%s, kill -9 at five moments: every row arrives and the warehouse equals a rebuild',
    async (victim) => {
      await using stage = await openStage();
      const random = seededRandom();
      await startBoth(stage);
      const sending = sendEvents(stage.platform, [...EVENTS, '--seed', String(random.seed)]);
      const answers = await dropAnswers(stage.platform, random, 6, 2_000);
      for (let kill = 0; kill < 5; kill++) {
        await delay(100 + random.below(900));
        await stage.platform.service(victim).kill();
        await stage.platform.start(victim);
      }
      const tally = await sending;
      await stage.reaches('FROM raw.app_events', tally.distinctIds);
      await stage.reaches('FROM analytics.answers', answers);
      await stage.reaches(`FROM ops.quarantine WHERE dataset = 'app_events'`, tally.malformed);
      await stage.settled();
      expect(await stage.count('FROM raw.app_events')).toBe(tally.distinctIds);
      expect(await stage.count('FROM analytics.answers')).toBe(answers);
      expect(await stage.differences()).toEqual([]);
    },
    240_000,
  );
});

describe('a broker that goes away', () => {
  it('stopped for 30 s: the services wait it out and lose nothing', async () => {
    await using stage = await openStage();
    const random = seededRandom();
    await startBoth(stage);
    const before = await sendEvents(stage.platform, ['--total', '5000', '--rate', '5000', '--seed', `a${random.seed}`]);
    await stage.nats.stop();
    const answers = await dropAnswers(stage.platform, random, 3, 1_000);
    await delay(30_000);
    await stage.nats.restart();
    const after = await sendEvents(stage.platform, ['--total', '5000', '--rate', '5000', '--seed', `b${random.seed}`]);
    await stage.reaches('FROM raw.app_events', before.distinctIds + after.distinctIds);
    await stage.reaches('FROM analytics.answers', answers);
    expect(stage.platform.service('ingest-logs').lines.join('\n')).not.toContain('service failed');
    expect(await stage.differences()).toEqual([]);
  }, 240_000);

  it('its store deleted while nothing is unlanded: nothing is lost, and work goes on after a migrate', async () => {
    await using stage = await openStage();
    const random = seededRandom();
    await startBoth(stage);
    const before = await sendEvents(stage.platform, ['--total', '5000', '--rate', '5000', '--seed', `a${random.seed}`]);
    await stage.reaches('FROM raw.app_events', before.distinctIds);
    await stage.nats.wipe();
    await stage.nats.restart();
    await stage.platform.rollcall('migrate');
    const after = await sendEvents(stage.platform, ['--total', '5000', '--rate', '5000', '--seed', `b${random.seed}`]);
    await stage.reaches('FROM raw.app_events', before.distinctIds + after.distinctIds);
    expect(await stage.differences()).toEqual([]);
  }, 240_000);

  it('its store deleted while events flow: what was landed stays, and the metric said what was at stake', async () => {
    await using stage = await openStage();
    const random = seededRandom();
    await startBoth(stage);
    const before = await sendEvents(stage.platform, ['--total', '3000', '--rate', '5000', '--seed', `a${random.seed}`]);
    await stage.reaches('FROM raw.app_events', before.distinctIds);
    // Frozen, not dead: events pile up on the bus as they do when the lake is slow.
    process.kill(stage.platform.service('ingest-logs').pid, 'SIGSTOP');
    await sendEvents(stage.platform, ['--total', '1000', '--rate', '5000', '--seed', `b${random.seed}`]);
    expect(await stage.unlanded()).toBe(1_000);
    await stage.platform.service('ingest-logs').kill();
    await stage.nats.wipe();
    await stage.nats.restart();
    await stage.platform.rollcall('migrate');
    expect(await stage.count('FROM raw.app_events')).toBe(before.distinctIds);
    expect(await stage.differences()).toEqual([]);
  }, 240_000);
});

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

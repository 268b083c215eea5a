import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { openStage, startBoth } from '../stage.js';
import { dropAnswers, sendEvents } from '../traffic.js';

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

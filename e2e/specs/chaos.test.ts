import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, type ServiceName } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { openStage, startBoth } from '../stage.js';
import { dropAnswers, sendEvents } from '../traffic.js';

const EVENTS = ['--total', '20000', '--rate', '5000', '--duplicates', '1%', '--dirty', '0.1%'];

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

import { crashPoints, RUN_EFFECTS } from '@rollcall/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CrashPoint, EffectHook } from '../src/effects.js';
import { mergeBatches, readBatches } from './merged-lake.js';
import { ServiceWorld } from './service-world.js';

let world: ServiceWorld;
beforeEach(async () => {
  world = await ServiceWorld.make(
    'CREATE TABLE users (id int PRIMARY KEY, name text)',
    `INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, 300) i`,
  );
  await world.catalog(
    'shop',
    'source: shop',
    'kind: postgres',
    'connection: SHOP_URL',
    'schedule: { every: 1d }',
    'datasets:',
    '  users: { from: public.users, key: [id], capture: { mode: full }, flush: { seconds: 1, rows: 100, bytes: 1MB } }',
  );
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** From the point on, every effect hangs for ever: the process has no more effect than a dead one. */
function hangAt(point: CrashPoint): { readonly hook: EffectHook; readonly died: Promise<void> } {
  const died = Promise.withResolvers<void>();
  let dead = false;
  const hook: EffectHook = async (at) => {
    // Long enough for a claim to be renewed on the way.
    if (at === 'batch.object.before') await new Promise((resolve) => setTimeout(resolve, 300));
    dead ||= at === point;
    if (!dead) return;
    died.resolve();
    await new Promise<never>(() => undefined);
  };
  return { hook, died: died.promise };
}

const POINTS = crashPoints(['run.tick', ...RUN_EFFECTS, 'batch.object', 'batch.announce', 'cursor.move'] as const);

describe('an extractor that dies', () => {
  it.each(POINTS)('at %s is followed by another one, and the run ends once', async (point) => {
    const { hook, died } = hangAt(point);
    const first = await world.start({}, hook);
    await died;
    await world.kill(first);
    await world.forgetDeliveries();
    await world.start();
    const run = await world.finished(({ requestedBy }) => requestedBy === 'schedule');
    expect(run).toMatchObject({ verdict: 'succeeded', read: 300 });
    const rows = mergeBatches(await readBatches(world.lake, 'users'), ['id']);
    expect(rows).toHaveLength(300);
    expect(await world.finishedRuns()).toHaveLength(1);
  });
});

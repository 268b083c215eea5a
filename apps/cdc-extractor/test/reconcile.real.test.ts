import { runRequest, type RunRequest } from '@rollcall/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readKeys } from '../src/reconcile/read-keys.js';
import type { Landed } from '../src/watermark/run-watermark.js';
import { ReadWorld } from './read-world.js';

let world: ReadWorld;
beforeEach(async () => {
  world = await ReadWorld.make(
    'CREATE TABLE items (region text, no int, name text, PRIMARY KEY (region, no))',
    `INSERT INTO items SELECT (ARRAY['a', 'B', 'ä'])[i % 3 + 1], i, 'item ' || i FROM generate_series(1, 300) i`,
  );
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const KEY = ['region', 'no'];
const ITEMS = `from: public.items, capture: { mode: full }, key: [region, no], flush: { seconds: 1, rows: 1000, bytes: 1MB }`;

async function reread(more: Pick<RunRequest, 'keys' | 'gone'>, dryRun = false): Promise<Landed> {
  const { source, dataset } = world.dataset('items', ITEMS);
  const request = runRequest.parse({
    ...{ runId: 'again', source: 'shop', dataset: 'items', mode: 'reconcile', dryRun, ...more },
    ...{ requestedBy: 'test', requestedAt: '2026-11-28T00:00:00Z' },
  });
  return readKeys(world.context(source), dataset, request, { attempt: 1, signal: new AbortController().signal });
}

describe('a read of some keys', () => {
  it('brings what stands in the ranges, and nothing else; texts are ordered by their bytes', async () => {
    await world.run(world.dataset('items', ITEMS));
    await world.client.query(`UPDATE items SET name = 'new'`);
    // B < a < ä.
    const landed = await reread({ keys: [{ from: ['B', '100'], before: ['a', '10'] }, { from: ['ä'].concat('290') }] });
    const inRanges = `(region = 'B' AND no >= 100) OR (region = 'a' AND no < 10) OR (region = 'ä' AND no >= 290)`;
    const { rows } = await world.client.query<{ n: number }>(`SELECT count(*)::int AS n FROM items WHERE ${inRanges}`);
    expect(landed.rows).toBe(rows[0]?.n);
    await world.client.query(`UPDATE items SET name = 'item ' || no WHERE NOT (${inRanges})`);
    expect(await world.merged('items', KEY)).toEqual(await world.table('items'));
  });

  it('deletes keys that the source has not, and only those', async () => {
    await world.run(world.dataset('items', ITEMS));
    await world.client.query(`DELETE FROM items WHERE no = 3`);
    expect(
      await reread({
        gone: [
          ['a', '3'],
          ['B', '4'],
        ],
      }),
    ).toEqual({ rows: 1, batches: 1 });
    expect(await world.merged('items', KEY)).toEqual(await world.table('items'));
  });

  it('writes nothing when it is dry, and refuses keys of another form', async () => {
    const before = world.announced.length;
    expect(await reread({ keys: [{ from: ['ä', '0'] }] }, true)).toEqual({ rows: 100, batches: 0 });
    expect(world.announced).toHaveLength(before);
    await expect(reread({ keys: [{ from: ['a'] }] })).rejects.toMatchObject({ code: 'source/unfit' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crashPoints } from '@rollcall/service';
import { dieAt, ReadWorld } from './read-world.js';

/** What a run over a dataset does to the world. */
const POINTS = crashPoints(['batch.object', 'batch.announce', 'cursor.move'] as const);

let world: ReadWorld;
beforeEach(async () => {
  world = await ReadWorld.make(
    `CREATE TABLE items (id int PRIMARY KEY, name text, updated_at timestamptz) WITH (fillfactor = 10)`,
    `INSERT INTO items SELECT i, 'item ' || i, now() - interval '1 day' FROM generate_series(1, 8000) i`,
  );
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const flush = 'flush: { seconds: 1, rows: 700, bytes: 1MB }';

/** Rows change, some of them into blocks far from where they were, and rows come. */
async function move(round: number): Promise<void> {
  await world.client.query(
    `UPDATE items SET name = name || ' ${round}', updated_at = now() - interval '1 hour' WHERE id % 7 = ${round}`,
  );
  await world.client.query(
    `UPDATE items SET name = name || ' again' WHERE id BETWEEN ${round * 500} AND ${round * 500 + 300}`,
  );
  await world.client.query(
    `INSERT INTO items SELECT 100000 * ${round} + i, 'new', now() - interval '1 hour' FROM generate_series(1, 400) i`,
  );
}

/** As a loader would: nothing that was not announced, and no `t` before what it needs. */
async function expectWhole(): Promise<void> {
  const names = (rows: readonly Readonly<Record<string, string | null>>[]): string[] =>
    rows.map((row) => `${row['id']} ${row['name']}`).sort();
  const announced = new Set(world.announced.map(({ batchId }) => batchId));
  for (const { needs = [] } of world.announced) for (const id of needs) expect(announced.has(id)).toBe(true);
  for (const { manifest } of await world.batches('items'))
    // What nobody heard of is found by a scan of the lake as well.
    for (const id of manifest.needs ?? []) expect(announced.has(id)).toBe(true);
  expect(names(await world.merged('items'))).toEqual(names(await world.table('items')));
}

describe('a whole read that dies', () => {
  const items = () => world.dataset('items', `from: items, key: [id], capture: { mode: full }, ${flush}`);

  it.each(POINTS)('at %s, twice, while rows move between blocks, ends with what the source has', async (point) => {
    const run = (attempt: number, n?: number) =>
      world.run(items(), { runId: 'run', attempt, ...(n !== undefined && { onEffect: dieAt(point, n) }) });
    await expect(run(1, 3)).rejects.toThrow(`died at ${point}`);
    await move(1);
    await expect(run(2, 5)).rejects.toThrow(`died at ${point}`);
    await move(2);
    await run(3);
    await expectWhole();
  });

  it('reads of what was read before only what was written since', async () => {
    await expect(world.run(items(), { runId: 'run', onEffect: dieAt('cursor.move.after', 3) })).rejects.toThrow('died');
    await world.client.query(`UPDATE items SET name = 'changed' WHERE id <= 3`);
    const before = world.announced.reduce((sum, { rows }) => sum + rows, 0);
    await world.run(items(), { runId: 'run', attempt: 2 });
    const again = world.announced.reduce((sum, { rows }) => sum + rows, 0) - before;
    expect(again).toBeLessThan(6_000);
    await expectWhole();
  });

  it('begins anew when the table was rewritten meanwhile', async () => {
    await expect(world.run(items(), { runId: 'run', onEffect: dieAt('cursor.move.after', 3) })).rejects.toThrow('died');
    await world.client.query('DELETE FROM items WHERE id % 2 = 0');
    await world.client.query('VACUUM FULL items');
    await world.run(items(), { runId: 'run', attempt: 2 });
    await expectWhole();
  });

  it('at the t is ended by the next attempt', async () => {
    // The t is the last batch: its announcement is the last but one effect.
    await world.run(items(), { runId: 'first' });
    const batches = world.announced.length;
    const dying = world.run(items(), { runId: 'second', onEffect: dieAt('batch.announce.after', batches) });
    await expect(dying).rejects.toThrow('died');
    await world.run(items(), { runId: 'second', attempt: 2 });
    const { needs } = world.announced.at(-1) ?? {};
    expect(needs?.length).toBeGreaterThanOrEqual(batches - 1);
    await expectWhole();
  });
});

describe('a watermark read that dies', () => {
  const items = () =>
    world.dataset('items', `from: items, key: [id], capture: { mode: watermark, cursor: updated_at }, ${flush}`);

  it.each(POINTS)('at %s, twice, loses nothing', async (point) => {
    const run = (attempt: number, n?: number) =>
      world.run(items(), { runId: 'run', attempt, ...(n !== undefined && { onEffect: dieAt(point, n) }) });
    await expect(run(1, 2)).rejects.toThrow(`died at ${point}`);
    await move(1);
    await expect(run(2, 3)).rejects.toThrow(`died at ${point}`);
    await run(3);
    const names = (await world.merged('items')).map((row) => `${row['id']} ${row['updated_at'] === null}`);
    expect(new Set(names).size).toBe(8_400);
    await world.settle(items());
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadWorld } from './read-world.js';

let world: ReadWorld;
beforeEach(async () => {
  world = await ReadWorld.make();
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const ITEMS = `from: public.items, capture: { mode: full }, key: [id], flush: { seconds: 1, rows: 1000, bytes: 1MB }`;

/** Few rows in many blocks. */
async function makeItems(rows: number, table = 'items'): Promise<void> {
  await world.client.query(
    `CREATE TABLE ${table} (id int PRIMARY KEY, name text, amount numeric(10,2)) WITH (fillfactor = 10)`,
  );
  await world.client.query(
    `INSERT INTO ${table} SELECT i, 'item ' || i, (i % 1000) + 0.25 FROM generate_series(1, ${rows}) i`,
  );
}

describe('capture full', () => {
  it('brings the table as it is, by several ranges, and ends with a t that needs all batches', async () => {
    await makeItems(10_000);
    const items = world.dataset('items', ITEMS);
    const landed = await world.run(items);
    expect(landed.rows).toBe(10_000);
    expect(await world.merged('items')).toEqual(await world.table('items'));
    const clear = world.announced.at(-1);
    const others = world.announced.slice(0, -1).map(({ batchId }) => batchId);
    expect(new Set(clear?.needs)).toEqual(new Set(others));
    expect(clear?.firstPosition?.endsWith('-00000000')).toBe(true);
    const parts = new Set((await world.batches('items')).flatMap(({ rows }) => rows.map((row) => row['_position'])));
    expect(parts.size).toBe(10_001);
    expect((await world.standing(items.source, items.dataset)).state.read).toBeUndefined();
  });

  it('may run any number of times; what is gone from the source goes', async () => {
    await makeItems(500);
    const items = world.dataset('items', ITEMS);
    await world.run(items);
    await world.client.query(`DELETE FROM items WHERE id % 3 = 0; UPDATE items SET name = 'other' WHERE id % 5 = 0`);
    await world.run(items);
    expect(await world.merged('items')).toEqual(await world.table('items'));
    await world.client.query('TRUNCATE items');
    await world.run(items);
    expect(await world.merged('items')).toEqual([]);
    await world.client.query(`INSERT INTO items VALUES (1, 'again', 1)`);
    await world.run(items);
    expect(await world.merged('items')).toEqual(await world.table('items'));
  });

  it('sees one state of the table, whatever is written while it reads', async () => {
    await makeItems(6_000);
    const other = await world.session();
    let moves = 0;
    const items = world.dataset('items', ITEMS);
    await world.run(items, {
      onEffect: async (point) => {
        if (point !== 'batch.object.before') return;
        // Money moves from one row to another: the sum stays.
        await other.query(
          `UPDATE items SET amount = amount + CASE WHEN id = 1 THEN 5 ELSE -5 END WHERE id IN (1, 6000)`,
        );
        moves += 1;
      },
    });
    expect(moves).toBeGreaterThan(4);
    const sum = (rows: readonly { readonly [name: string]: string | null }[]): number =>
      rows.reduce((total, row) => total + Number(row['amount']) * 100, 0);
    expect(sum(await world.merged('items'))).toBe(sum(await world.table('items')));
  });

  it('reads partitions, views and tables without a key', async () => {
    await world.client.query(`
      CREATE TABLE parts (id int, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
      CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a');
      CREATE TABLE parts_b PARTITION OF parts FOR VALUES IN ('b');
      CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
      INSERT INTO parts SELECT i, chr(97 + i % 3) FROM generate_series(1, 300) i;
      CREATE VIEW shown AS SELECT id, region FROM parts WHERE id <= 100;
      CREATE TABLE bare (name text, n int);
      INSERT INTO bare VALUES ('x', 1), ('x', 1), ('y', NULL)`);
    await world.run(world.dataset('parts', 'from: parts, capture: { mode: full }, key: [id, region]'));
    expect(await world.merged('parts', ['id', 'region'])).toEqual(await world.table('parts'));
    await world.run(world.dataset('shown', 'from: shown, capture: { mode: full }, key: [id]'));
    expect(await world.merged('shown')).toEqual(await world.table('shown'));
    await world.run(world.dataset('bare', 'from: bare, capture: { mode: full }'));
    // Equal rows have one key.
    expect(await world.merged('bare', ['_key'])).toEqual(await world.table('(SELECT DISTINCT * FROM bare)'));
  });

  it('hides what a policy hides, and says with which key', async () => {
    await world.client.query(`CREATE TABLE people (id int PRIMARY KEY, email text, phone text, note text);
      INSERT INTO people VALUES (1, 'Ann@Example.org', '123', 'secret'), (2, NULL, NULL, NULL)`);
    const columns = 'columns: { email: { lower: true, pii: hash }, phone: { pii: mask }, note: { pii: drop } }';
    await world.run(world.dataset('people', `from: people, capture: { mode: full }, key: [id], ${columns}`));
    const [ann, nobody] = await world.merged('people');
    expect(ann).toEqual({
      id: '1',
      email: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      phone: '***',
      note: null,
    });
    expect(nobody).toEqual({ id: '2', email: null, phone: null, note: null });
  });

  it('names a table, key or column that is not there, before anything is read', async () => {
    await makeItems(1);
    const run = (yaml: string) => world.run(world.dataset('items', `${yaml}, capture: { mode: full }`));
    await expect(run('from: public.itens, key: [id]')).rejects.toMatchObject({ code: 'source/unfit' });
    await expect(run('from: items, key: [sku]')).rejects.toThrow('public.items has no column sku, in the key');
    await expect(run('from: items, key: [id], columns: { colour: {} }')).rejects.toThrow('has no column colour');
    expect(world.announced).toEqual([]);
  });

  it('counts in a dry run, and writes nothing', async () => {
    await makeItems(42);
    const items = world.dataset('items', ITEMS);
    expect(await world.run(items, { dryRun: true })).toEqual({ rows: 42, batches: 0 });
    expect(world.announced).toEqual([]);
    expect((await world.standing(items.source, items.dataset)).point).toBe(0n);
  });
});

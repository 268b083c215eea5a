import { until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { ComparedWorld } from './compared-world.js';

const USERS = `
users: { from: public.users, capture: { mode: full }, key: [id] }`;
const MAKE = `
CREATE TABLE users (id bigint PRIMARY KEY, name text, balance numeric, at timestamptz);
INSERT INTO users SELECT i, CASE WHEN i % 7 > 0 THEN 'user ' || i END, i / 8.0, timestamptz 'epoch' + i * interval '1 microsecond' FROM generate_series(1, 1000) i`;
const NOW = ['--settle', '0', '--rows-per-range', '100'] as const;

describe('rollcall reconcile', () => {
  it('proves that the warehouse is what the source is', async () => {
    await using world = await ComparedWorld.make(USERS, MAKE);
    await world.load('users');
    const run = await world.run('shop', ...NOW);
    expect(run.out).toMatch(
      /^users: matches source as of LSN [0-9A-F]+\/[0-9A-F]+ at \d{4}-.*Z \(1,000 rows in the source/,
    );
    expect(run.code).toBe(0);
    expect(await world.summary('users', ...NOW)).toMatchObject({
      same: true,
      sourceRows: '1000',
      warehouseRows: '1000',
    });
  });

  it('finds the row that is missing, the one too many and the one that is different, and only them', async () => {
    await using world = await ComparedWorld.make(USERS, MAKE);
    await world.load('users');
    await world.hand.query(`
      DELETE FROM raw.users WHERE id = 100;
      UPDATE raw.users SET name = '' WHERE id = 7;
      INSERT INTO raw.users SELECT (jsonb_populate_record(u, '{"id": 5000}')).* FROM raw.users u WHERE id = 1`);
    const found = await world.summary('users', ...NOW);
    expect(found).toMatchObject({ code: 1, same: false, missing: 1, extra: 1, different: 1, rangesNotNarrowed: 0 });
    expect(found['keys']).toEqual(
      expect.arrayContaining([
        { key: ['100'], what: 'missing' },
        { key: ['5000'], what: 'extra' },
        { key: ['7'], what: 'different' },
      ]),
    );
    const shown = await world.run('users', ...NOW);
    expect(shown.out).not.toContain('["5000"]');
    expect(shown.err).toContain('rollcall reconcile users --repair');
  });

  it('waits for a row that is on its way, and counts it as late', async () => {
    await using world = await ComparedWorld.make(USERS, MAKE);
    await world.load('users');
    await world.source.query(`UPDATE users SET name = 'new' WHERE id = 3`);
    const comparing = world.summary('users', '--settle', '20s');
    const looks = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'rollcall reconcile' AND datname = current_database()`;
    await until(async () => (await world.source.query<{ n: number }>(looks)).rows[0]?.n === 1, {
      what: 'the comparison',
    });
    await until(
      async () => {
        const idle = `${looks} AND state = 'idle' AND query = 'ROLLBACK'`;
        return (await world.source.query<{ n: number }>(idle)).rows[0]?.n === 1;
      },
      { what: 'the first look to be over', everyMs: 20 },
    );
    await world.load('users');
    expect(await comparing).toMatchObject({ code: 0, same: true, late: 1 });
  });

  it('compares every type that both sides have, and names what it cannot', async () => {
    await using world = await ComparedWorld.make(
      `kinds: { from: public.kinds, capture: { mode: full }, key: [i], columns: { secret: { type: text, pii: drop } } }`,
      `CREATE TYPE mood AS ENUM ('so', 'so so');
       CREATE TABLE kinds (i int PRIMARY KEY, b bool, s int2, l int8, n numeric, d numeric(10,3), f real, g float8, t text, c char(8), v varchar(20),
         y bytea, da date, ti time, ts timestamp, tz timestamptz, iv interval, u uuid, j json, jb jsonb, m mood, ip inet, tt timetz, secret text, ar int[]);
       INSERT INTO kinds VALUES
         (1, true, -1, 9223372036854775807, 1.10, 1.1, 0.1, 0.1, E'a"b,\\\\(\\n', 'x', 'ü', '\\x00ff', '0044-03-15 BC', '24:00', '2026-01-01', 'infinity', '1 mon 2 days -3.5 s', gen_random_uuid(), '{"b": 1, "a": [1.0]}', '{"b":1}', 'so so', '10.0.0.1', '12:00+02', 'x', '{1}'),
         (2, NULL, NULL, NULL, 'NaN', -0.001, '-0', 'NaN', '', '', '', '', 'infinity', '00:00:00.000001', '1999-12-31 23:59:59.999999', '0001-01-01 00:00:00+00 BC', '0', NULL, 'null', '"x"', 'so', '::1/64', '00:00-12:30', NULL, NULL),
         (3, ${Array.from({ length: 24 }, () => 'NULL').join(', ')})`,
    );
    await world.load('kinds');
    const found = await world.summary('kinds', '--settle', '0');
    expect(found).toMatchObject({ same: true, code: 0, sourceRows: '3' });
    expect((found['leftOut'] as { column: string }[]).map(({ column }) => column).sort()).toEqual(['ar', 'secret']);
    expect(found['comparedColumns']).toHaveLength(23);
    for (const column of found['comparedColumns'] as string[]) {
      if (column === 'i') continue;
      await world.hand.query(`BEGIN; UPDATE raw.kinds SET "${column}" = NULL WHERE i = 1; COMMIT`);
      expect([column, (await world.summary('kinds', '--settle', '0'))['different']]).toEqual([column, 1]);
      await world.hand.query(`UPDATE raw.kinds SET "${column}" = $1 WHERE i = 1`, [
        (
          await world.source.query<[string]>({
            text: `SELECT concat("${column}") FROM kinds WHERE i = 1`,
            rowMode: 'array',
          })
        ).rows[0]?.[0],
      ]);
    }
  }, 60_000);

  it('cuts compound keys and texts alike, whatever either side sorts by', async () => {
    await using world = await ComparedWorld.make(
      `parts: { from: public.parts, capture: { mode: full }, key: [region, no] }`,
      `CREATE DOMAIN number_of AS int;
       CREATE TABLE parts (region text COLLATE "und-x-icu", no number_of, v float4, PRIMARY KEY (region, no));
       INSERT INTO parts SELECT (ARRAY['a', 'B', 'ä', '_', 'Z', 'z', ''''])[i % 7 + 1], i, i FROM generate_series(1, 700) i`,
    );
    await world.load('parts');
    expect(await world.summary('parts', ...NOW)).toMatchObject({ same: true, code: 0 });
    await world.hand.query(`DELETE FROM raw.parts WHERE no IN (5, 6, 7)`);
    expect(await world.summary('parts', ...NOW)).toMatchObject({
      missing: 3,
      extra: 0,
      different: 0,
      rangesNotNarrowed: 0,
    });
  });

  it('compares a table without a key as one range', async () => {
    await using world = await ComparedWorld.make(
      `visits: { from: public.visits, capture: { mode: log } }`,
      `CREATE TABLE visits (who text, at timestamptz); INSERT INTO visits SELECT 'w' || i, now() FROM generate_series(1, 50) i`,
    );
    await world.load('visits');
    expect(await world.summary('visits', ...NOW)).toMatchObject({ same: true, ranges: 1 });
    await world.source.query(`INSERT INTO visits VALUES ('x', NULL)`);
    expect(await world.summary('visits', ...NOW)).toMatchObject({ code: 1, rangesNotNarrowed: 1 });
  });
});

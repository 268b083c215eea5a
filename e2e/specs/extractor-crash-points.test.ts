import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabaseStage, type DatabaseStage } from '../database-stage.js';

const TABLES = ['by_log', 'by_watermark', 'by_full'] as const;

const PREPARE = `
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;
${TABLES.map(
  (
    table,
  ) => `CREATE TABLE ${table} (id int PRIMARY KEY, v int, note text, updated_at timestamptz NOT NULL DEFAULT now());
ALTER TABLE ${table} ALTER note SET STORAGE EXTERNAL;
CREATE TRIGGER touch BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO ${table} SELECT g, g, CASE WHEN g % 9 = 0 THEN repeat(md5(g::text), 100) END FROM generate_series(1, 2000) g;`,
).join('\n')}`;

/** Small batches: a run and a snapshot have several of each effect. */
const FLUSH = 'flush: { seconds: 0.2, rows: 500 }';
const DATASETS = `
by_log: { from: public.by_log, capture: { mode: log }, key: [id], history: scd2, ${FLUSH} }
by_watermark: { from: public.by_watermark, capture: { mode: watermark, cursor: updated_at }, key: [id], ${FLUSH} }
by_full: { from: public.by_full, capture: { mode: full }, key: [id], ${FLUSH} }
`;

/** The effects of the start, in a lake and a database that know nothing yet. */
const FIRST = ['publication.create', 'slot.create', 'batch.object', 'batch.announce', 'cursor.move', 'slot.confirm'];
/** The effects of what comes after. */
const THEN = ['batch.object', 'batch.announce', 'cursor.move', 'slot.confirm', 'run.claim', 'run.finished', 'run.end'];
const pointsOf = (effects: readonly string[]): readonly string[] =>
  effects.flatMap((effect) => [`${effect}.before`, `${effect}.after`]);

const content = (relation: string): string =>
  `SELECT count(*)::int AS n, sum(id)::text AS ids, md5(string_agg(id || ':' || coalesce(v::text, '-') || ':' || coalesce(md5(note), '-'), ',' ORDER BY id)) AS digest FROM ${relation}`;

describe('the extractor, kill -9 at each of its effects, while it reads a database for the first time', () => {
  it.each(pointsOf(FIRST))('dies %s, and the warehouse says what the source says when it comes back', async (point) => {
    await using stage = await openDatabaseStage({ datasets: DATASETS, prepare: PREPARE });
    await stage.platform.start('warehouse-loader');
    await dies(stage, point, 1);
    await stage.sql(changes('by_log', 1));
    await stage.platform.start('cdc-extractor');
    await stage.same(content('public.by_log'), content('analytics.by_log'));
    await orphansFound(stage);
    expect(await stage.differences()).toEqual([]);
  });
});

describe('the extractor, kill -9 at each of its effects, while it streams and runs', () => {
  let stage: DatabaseStage;
  const random = seededRandom();
  let round = 0;

  beforeAll(async () => {
    stage = await openDatabaseStage({ datasets: DATASETS, prepare: PREPARE });
    await stage.startCapture();
    await stage.platform.rollcall('sync', 'shop');
    for (const table of TABLES) await stage.same(content(`public.${table}`), content(`analytics.${table}`));
  }, 120_000);

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it.each(pointsOf(THEN))('dies %s, and nothing is lost or doubled', async (point) => {
    await stage.platform.service('cdc-extractor').stop();
    round += 1;
    for (const table of TABLES) await stage.sql(changes(table, round));
    // A run has one of each of its own effects.
    await dies(stage, point, point.startsWith('run.') ? 1 : 1 + random.below(2), ['sync', 'shop', '--full']);
    for (const table of TABLES) await stage.sql(changes(table, 100 + round));
    await stage.platform.start('cdc-extractor');
    await stage.platform.rollcall('sync', 'by_full', '--full');
    await stage.platform.rollcall('sync', 'by_watermark', '--full');
    for (const table of TABLES) await stage.same(content(`public.${table}`), content(`analytics.${table}`));
  });

  it('leaves a warehouse that equals a rebuild from the lake', async () => {
    await orphansFound(stage);
    expect(await stage.differences()).toEqual([]);
  });
});

/** Inserts, updates beside and of long notes, deletions, a key that changes: all told by the round. */
function changes(table: string, round: number): string {
  return `
BEGIN;
INSERT INTO ${table} (id, v, note) SELECT 10000 * ${round} + g, g, repeat('n', g) FROM generate_series(1, 300) g ON CONFLICT DO NOTHING;
UPDATE ${table} SET v = v + ${round} WHERE id % 3 = ${round % 3};
UPDATE ${table} SET note = repeat(md5('${round}'), 90) WHERE id % 50 = ${round % 50};
DELETE FROM ${table} WHERE id % 41 = ${round % 41};
UPDATE ${table} SET id = id + 5000000 WHERE id = (SELECT min(id) FROM ${table});
COMMIT;
UPDATE ${table} SET v = -v WHERE id % 77 = 0;`;
}

/** An object that was put and never announced is found by the scan of a loader that starts; a rebuild takes it too. */
async function orphansFound(stage: DatabaseStage): Promise<void> {
  await stage.platform.service('warehouse-loader').stop();
  const loader = await stage.platform.start('warehouse-loader');
  await loader.line(/lake scanned/);
  await stage.settled();
}

/** Starts it with the order to die, gives it what to do, and sees it die. */
async function dies(stage: DatabaseStage, point: string, nth: number, work?: readonly string[]): Promise<void> {
  const starting = stage.platform.start('cdc-extractor', { ROLLCALL_CRASH_AT: `${point}:${nth}`, LEASE_SECONDS: '5' });
  // It may die before it is ready, which is what it was told to do.
  const ready = await starting.then(
    () => true,
    () => false,
  );
  if (!ready) return;
  if (work) await requested(stage, work);
  const end = await Promise.race([stage.platform.service('cdc-extractor').exited, delay(40_000)]);
  expect(end, `it was to die at ${point}`).toMatchObject({ signal: 'SIGKILL' });
}

/** Only asks: whether the run ends well is for who takes it up. */
async function requested(stage: DatabaseStage, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['apps/cli/dist/main.js', ...args, '--no-wait'], {
    cwd: new URL('../../', import.meta.url),
    env: { ...process.env, ...stage.platform.env },
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.once('close', resolve));
}

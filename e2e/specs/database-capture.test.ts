import { describe, expect, it } from 'vitest';
import { openDatabaseStage } from '../database-stage.js';

const COLUMNS = `(id int PRIMARY KEY, v int, at timestamptz, note text, updated_at timestamptz NOT NULL DEFAULT now())`;
const TOUCH = `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;`;
const TABLES = ['by_log', 'by_watermark', 'by_full'] as const;

const PREPARE = `${TOUCH}${TABLES.map(
  (table) =>
    `CREATE TABLE ${table} ${COLUMNS};
     CREATE TRIGGER touch BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION touch();
     CREATE INDEX ON ${table} (updated_at);
     INSERT INTO ${table} SELECT g, g * 7, timestamptz 'epoch' + g * interval '1 microsecond', repeat('x', g % 50) FROM generate_series(1, 3000) g;`,
).join('')}`;

const DATASETS = `
by_log: { from: public.by_log, capture: { mode: log }, key: [id], history: scd2, flush: { seconds: 0.3 } }
by_watermark: { from: public.by_watermark, capture: { mode: watermark, cursor: updated_at }, key: [id] }
by_full: { from: public.by_full, capture: { mode: full }, key: [id] }
`;

const content = (relation: string): string => `SELECT id, v, at::text, note FROM ${relation} ORDER BY id`;

describe('a production database, captured in three ways', () => {
  it('stands in the warehouse, follows what happens, and leads back to the source', async () => {
    await using stage = await openDatabaseStage({ datasets: DATASETS, prepare: PREPARE });
    await stage.startCapture();
    await stage.platform.rollcall('sync', 'shop');
    for (const table of TABLES) await stage.same(content(`public.${table}`), content(`analytics.${table}`));

    for (const table of TABLES) {
      await stage.sql(`
        UPDATE ${table} SET v = v + 1, note = NULL WHERE id % 10 = 0;
        INSERT INTO ${table} (id, v, at) VALUES (100003, NULL, 'infinity'), (100002, 1, '0044-03-15 BC');
        DELETE FROM ${table} WHERE id % 100 = 1;`);
    }
    await stage.same(content('public.by_log'), content('analytics.by_log'));
    await stage.platform.rollcall('sync', 'by_watermark');
    // The cursor does not see deletions; the rows that changed are there.
    await stage.reaches('FROM analytics.by_watermark WHERE id > 100000', 2, 30_000);
    await stage.platform.rollcall('sync', 'by_watermark', '--full');
    await stage.platform.rollcall('sync', 'by_full');
    for (const table of TABLES) await stage.same(content(`public.${table}`), content(`analytics.${table}`));

    const [versions] = await stage.rows<{ n: string; committed: string }>(
      `SELECT count(*) AS n, count(*) FILTER (WHERE valid_from_kind = 'committed') AS committed FROM history.by_log WHERE id = 10`,
    );
    expect(versions).toEqual({ n: '2', committed: '1' });

    await stage.sql('TRUNCATE by_log; INSERT INTO by_log (id, v) VALUES (1, 1);');
    await stage.same(content('public.by_log'), content('analytics.by_log'));
    await stage.sql('ALTER TABLE by_log ADD COLUMN extra numeric(8,3) DEFAULT 1.5; UPDATE by_log SET extra = 2.25;');
    await stage.same('SELECT id, extra::text FROM by_log', 'SELECT id, extra::text FROM analytics.by_log');

    await stage.platform.rollcall('resnapshot', 'by_log');
    await stage.same(content('public.by_log'), content('analytics.by_log'));
    await stage.settled();
    expect(await stage.differences()).toEqual([]);
  });
});

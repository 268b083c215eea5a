import { describe, expect, it } from 'vitest';
import { openDatabaseStage } from '../database-stage.js';

const TABLES = ['by_log', 'by_full'] as const;
const PREPARE = TABLES.map(
  (table) => `CREATE TABLE ${table} (id int PRIMARY KEY, name text);
    INSERT INTO ${table} SELECT i, 'user ' || i FROM generate_series(1, 2000) i;`,
).join('');
const DATASETS = `
by_log: { from: public.by_log, capture: { mode: log }, key: [id], flush: { seconds: 0.3 } }
by_full: { from: public.by_full, capture: { mode: full }, key: [id] }
`;
const content = (relation: string): string => `SELECT id, name FROM ${relation} ORDER BY id`;

describe('rollcall reconcile', () => {
  it('finds what somebody did to the warehouse, and reads just those ranges again', async () => {
    await using stage = await openDatabaseStage({ datasets: DATASETS, prepare: PREPARE });
    await stage.startCapture();
    await stage.platform.rollcall('sync', 'shop');
    for (const table of TABLES) await stage.same(content(table), content(`analytics.${table}`));
    const equal = await stage.platform.rollcall('reconcile', 'shop', '--rows-per-range', '100');
    expect(equal.join('\n')).toContain('by_log: matches source as of LSN');
    for (const table of TABLES) {
      await stage.rows(`DELETE FROM raw.${table} WHERE id = 150`);
      await stage.rows(`UPDATE raw.${table} SET name = 'wrong' WHERE id = 250`);
      await stage.rows(
        `INSERT INTO raw.${table} SELECT (jsonb_populate_record(r, '{"id": 9999}')).* FROM raw.${table} r WHERE id = 1`,
      );
    }
    await stage.platform.rollcall('reconcile', 'shop', '--rows-per-range', '100', '--settle', '2s', '--repair');
    for (const table of TABLES) await stage.same(content(table), content(`analytics.${table}`));
    const [reread] = await stage.rows<{ n: string }>(
      `SELECT sum(rows) AS n FROM ops.batch WHERE dataset = 'by_log' AND rows < 2000`,
    );
    expect(Number(reread?.n)).toBeLessThan(400);
  });
});

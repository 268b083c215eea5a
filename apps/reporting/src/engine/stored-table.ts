import { sha256Hex } from '@rollcall/kernel';
import type { Report } from '@rollcall/reports';
import { qualified, quoteIdentifier, suffixed, type Session } from '@rollcall/warehouse';
import { indexesOf } from './report-indexes.js';
import { NEXT, storeOf } from './report-sql.js';

const SHAPE = `
SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) AS column
FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const KEY = `
SELECT a.attname AS name FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indrelid = to_regclass($1) AND i.indisprimary ORDER BY k.place`;

/** Whether the table of a report has the columns of what was computed, and the grain as its key. */
export async function fitsStore(session: Session, report: Report): Promise<boolean> {
  const shape = async (relation: string): Promise<string> =>
    (await session.rows<{ column: string }>(SHAPE, [relation])).map(({ column }) => column).join();
  const key = await session.rows<{ name: string }>(KEY, [storeOf(report.name)]);
  if (key.map(({ name }) => name).join() !== report.grain.join()) return false;
  return (await shape(storeOf(report.name))) === (await shape(NEXT));
}

/** A table being built beside the one that is read. */
export const nextStoreOf = (name: string): string => qualified('report_store', suffixed(name, '__next'));

/** Makes a table of what was computed, filled and indexed, without touching the one that is read. Returns its rows. */
export async function buildStore(session: Session, report: Report, refreshId: string): Promise<number> {
  const table = nextStoreOf(report.name);
  const key = report.grain.map(quoteIdentifier);
  await session.run(`DROP TABLE IF EXISTS ${table}`);
  await session.run(`CREATE TABLE ${table} (LIKE ${NEXT}) WITH (fillfactor = 90)`);
  const rows = await session.run(`INSERT INTO ${table} SELECT * FROM ${NEXT} ORDER BY ${key.join(', ')}`);
  const name = quoteIdentifier(indexName(report, 'key', refreshId));
  await session.run(`ALTER TABLE ${table} ADD CONSTRAINT ${name} PRIMARY KEY (${key.join(', ')})`);
  await ensureIndexes(session, report, table, refreshId);
  return rows;
}

/** Puts the new table in the place of the old one, which nothing reads any more. */
export async function takeStore(session: Session, name: string): Promise<void> {
  await session.run(`DROP TABLE IF EXISTS ${storeOf(name)}`);
  await session.run(`ALTER TABLE ${nextStoreOf(name)} RENAME TO ${quoteIdentifier(name)}`);
}

const INDEXES = `
SELECT array_to_string(ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) || CASE WHEN i.indoption[k - 1] & 1 = 1 THEN ' DESC' ELSE '' END
  || CASE i.indoption[k - 1] & 3 WHEN 2 THEN ' NULLS FIRST' WHEN 1 THEN ' NULLS LAST' ELSE '' END
  FROM generate_series(1, i.indnkeyatts) k), ', ') AS columns
FROM pg_index i WHERE i.indrelid = to_regclass($1)`;

/** Makes the indexes that are missing. Readers are not disturbed: only writing waits, and nobody else writes. */
export async function ensureIndexes(session: Session, report: Report, table: string, refreshId: string): Promise<void> {
  const found = await session.rows<{ columns: string }>(INDEXES, [table]);
  const standing = new Set(found.map(({ columns }) => unquoted(columns)));
  for (const columns of indexesOf(report)) {
    if (standing.has(unquoted(columns))) continue;
    await session.run(
      `CREATE INDEX ${quoteIdentifier(indexName(report, columns, refreshId))} ON ${table} (${columns})`,
    );
  }
}

/** Names of indexes are unique in a schema, and the old table's still stand while the new one gets its own. */
function indexName(report: Report, columns: string, refreshId: string): string {
  return suffixed(report.name, `_${sha256Hex(`${columns} ${refreshId}`).slice(0, 12)}`);
}

/** The server writes quotes only where a name needs them. */
function unquoted(columns: string): string {
  return columns.replaceAll('"', '');
}

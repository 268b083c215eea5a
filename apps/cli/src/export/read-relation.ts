import { RollcallError } from '@rollcall/kernel';
import type { TextRow } from '@rollcall/lake';
import { qualified, quoteIdentifier, transaction, type Session, type Warehouse } from '@rollcall/warehouse';
import { selectText, type PostgresColumn } from './export-column.js';

const PIECE_ROWS = 10_000;

const COLUMNS = `
SELECT a.attname AS name, t.typname AS type, a.atttypmod AS modifier
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

/**
 * The columns of a relation in schema analytics.
 * @throws RollcallError config/invalid when there is none of that name
 */
export async function readColumns(warehouse: Warehouse, relation: string): Promise<readonly PostgresColumn[]> {
  const columns = await warehouse.query<PostgresColumn>(COLUMNS, [qualified('analytics', relation)]);
  if (columns.length > 0) return columns;
  const known = await warehouse.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'analytics' AND c.relkind IN ('r', 'v', 'm', 'p') ORDER BY 1`,
  );
  const names = known.map(({ name }) => name).join(', ') || 'nothing yet';
  throw new RollcallError('config/invalid', `there is no analytics.${relation}; schema analytics has ${names}`);
}

/**
 * Reads a relation by cursor in one snapshot, 10,000 rows in memory at a time.
 * @param take gets each piece; its promise is the back-pressure
 */
export async function readRows(
  session: Session,
  relation: string,
  columns: readonly PostgresColumn[],
  take: (rows: readonly TextRow[]) => Promise<void>,
): Promise<void> {
  const list = columns.map((column) => selectText(column, quoteIdentifier(column.name))).join(', ');
  await transaction(session, async () => {
    await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await session.run(
      `DECLARE rollcall_export NO SCROLL CURSOR FOR SELECT ${list} FROM ${qualified('analytics', relation)}`,
    );
    for (;;) {
      const { rows } = await session.client.query<(string | null)[]>({
        text: `FETCH ${PIECE_ROWS} FROM rollcall_export`,
        rowMode: 'array',
      });
      if (rows.length === 0) return;
      await take(rows);
    }
  });
}

import { RollcallError } from '@rollcall/kernel';
import { sqlState } from '../classify-warehouse-error.js';
import { qualified, quoteIdentifier, suffixed } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { historyView } from './relation.js';

const OTHER_COLUMNS = '42P13';
const DEPENDED_ON = '2BP01';

/** `history.<dataset>_as_of(ts)`: the rows that were valid at an instant. Whoever may read the history may call it. */
export function asOfFunction(dataset: string): string {
  return qualified('history', suffixed(dataset, '_as_of'));
}

/**
 * Makes the function over `history.<dataset>` as that stands. Its columns are its own, so the view may go and come under it. Inside the caller's
 * transaction. Throws warehouse/custom-view when its columns change and a view of people stands on it.
 */
export async function ensureAsOf(session: Session, dataset: string): Promise<void> {
  const view = historyView(dataset);
  const columns = await session.rows<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [view],
  );
  const name = asOfFunction(dataset);
  const returned = columns.map((column) => `${quoteIdentifier(column.name)} ${column.type}`).join(', ');
  const selected = columns.map((column) => `v.${quoteIdentifier(column.name)}`).join(', ');
  const create = `CREATE OR REPLACE FUNCTION ${name}(timestamptz) RETURNS TABLE (${returned}) LANGUAGE sql STABLE PARALLEL SAFE
AS $as_of$SELECT ${selected} FROM ${view} v WHERE v.valid_from <= $1 AND (v.valid_to IS NULL OR v.valid_to > $1)$as_of$`;
  if (!(await attempt(session, create, OTHER_COLUMNS))) {
    if (!(await attempt(session, `DROP FUNCTION ${name}(timestamptz)`, DEPENDED_ON)))
      throw new RollcallError(
        'warehouse/custom-view',
        `warehouse: something stands on ${name.replaceAll('"', '')}, whose columns must change; nothing was changed`,
      );
    await session.run(create);
  }
  await session.run(`COMMENT ON FUNCTION ${name}(timestamptz) IS 'The rows that were valid at an instant'`);
}

/** False when the server says no with this state; the transaction goes on. */
async function attempt(session: Session, sql: string, state: string): Promise<boolean> {
  await session.run('SAVEPOINT attempting');
  try {
    await session.run(sql);
    await session.run('RELEASE SAVEPOINT attempting');
    return true;
  } catch (error) {
    if (sqlState(error) !== state) throw error;
    await session.run('ROLLBACK TO SAVEPOINT attempting');
    return false;
  }
}

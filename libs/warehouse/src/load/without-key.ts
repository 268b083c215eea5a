import { sqlState } from '../classify-warehouse-error.js';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { NotStraight } from './not-straight.js';

/** Who reads an empty table is done at once; whoever is not would make all others wait behind this load. */
const READERS_WAIT_MS = 500;
/** Built in one sort in memory up to a few million keys. */
const KEY_MEMORY = '256MB';

interface Key {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/**
 * Takes the primary keys away, acts, and builds them: once over all rows costs half of what each row costs. Inside a transaction; the tables are
 * locked for everybody else until it ends. Throws NotStraight when others use a table, when something depends on its key, and when the rows
 * do not have one each.
 */
export async function withoutKey(session: Session, tables: readonly string[], act: () => Promise<void>): Promise<void> {
  const keys: Key[] = [];
  for (const table of tables) keys.push(...(await takeKey(session, table)));
  await act();
  if (keys.length === 0) return;
  await session.run(`SET LOCAL maintenance_work_mem = '${KEY_MEMORY}'`);
  for (const { table, name, definition } of keys) {
    await session
      .run(`ALTER TABLE ${table} ADD CONSTRAINT ${quoteIdentifier(name)} ${definition}`)
      .catch(straightUnless('23505'));
  }
}

async function takeKey(session: Session, table: string): Promise<readonly Key[]> {
  const found = await session.rows<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'p'`,
    [table],
  );
  await session.run(`SET LOCAL lock_timeout = ${READERS_WAIT_MS}`);
  for (const { name } of found)
    await session
      .run(`ALTER TABLE ${table} DROP CONSTRAINT ${quoteIdentifier(name)}`)
      .catch(straightUnless('55P03', '2BP01'));
  await session.run('SET LOCAL lock_timeout TO DEFAULT');
  return found.map((key) => ({ table, ...key }));
}

/** Unique violation, lock not available, dependent objects: other roads are open. Anything else is what it is. */
function straightUnless(...states: readonly string[]): (error: unknown) => never {
  return (error) => {
    throw states.includes(sqlState(error) ?? '') ? new NotStraight('the key', { cause: error }) : error;
  };
}

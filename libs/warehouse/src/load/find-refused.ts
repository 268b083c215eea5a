import { isRefusedValue } from '../classify-warehouse-error.js';
import { transaction } from '../open-warehouse.js';
import { rowColumns, stagedRows, type LoadContext } from './load-context.js';
import { mayLean } from './fit-base.js';
import { keyText } from './resolve-unchanged.js';
import { REFUSED, STAGED } from './staging-tables.js';

/**
 * The server refused a value that the checks let through: a bug of the checks, and no reason to stop. Finds the rows by halves, outside of the
 * load's transaction, and moves them from the staged ones to the refused. Returns how many; zero: the fault lies elsewhere.
 * @param placeOf what the quarantine says of a row: the object of its batch
 */
export async function moveRefused(
  context: LoadContext,
  batches: readonly { readonly key: string; readonly contract: string }[],
): Promise<number> {
  const { session } = context;
  const [range] = await session.rows<{ low: number | null; high: number | null }>(
    `SELECT min(_n) AS low, max(_n) AS high FROM ${STAGED}`,
  );
  if (range === undefined || range.low === null || range.high === null) return 0;
  const culprits = await culpritsIn(context, range.low, range.high);
  for (const row of culprits) {
    await transaction(session, async () => {
      await session.run(
        `INSERT INTO ${REFUSED} (_b, _position, reason, place, contract, row_key)
         SELECT s._b, s._position, 'warehouse-refused', ($2::text[])[s._b + 1] || ' at ' || s._position, ($3::text[])[s._b + 1], ${
           mayLean(context.relation.dataset) ? keyText(context) : 'NULL'
         } FROM ${stagedRows} WHERE s._n = $1`,
        [row, batches.map((batch) => batch.key), batches.map((batch) => batch.contract)],
      );
      await session.run(`DELETE FROM ${STAGED} WHERE _n = $1`, [row]);
    });
  }
  return culprits.length;
}

async function culpritsIn(context: LoadContext, low: number, high: number): Promise<readonly number[]> {
  if (await isTaken(context, low, high)) return [];
  if (low === high) return [low];
  const middle = Math.floor((low + high) / 2);
  return [...(await culpritsIn(context, low, middle)), ...(await culpritsIn(context, middle + 1, high))];
}

/** Makes every value of the rows as the merge would. */
async function isTaken(context: LoadContext, low: number, high: number): Promise<boolean> {
  const { values } = rowColumns(context, `'{}'`);
  const made = values.map((value) => `pg_column_size(${value})`).join(', ');
  try {
    await context.session.run(`SELECT count(row(${made})) FROM ${stagedRows} WHERE s._n BETWEEN $1 AND $2`, [
      low,
      high,
    ]);
    return true;
  } catch (error) {
    if (isRefusedValue(error)) return false;
    throw error;
  }
}

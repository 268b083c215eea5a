import { quoteIdentifier } from '../dialect/quote-identifier.js';
import { touchedSelect, touchedTable } from '../derive/touched.js';
import { countOf, raw, stagedKey, stagedRows, type LoadContext } from './load-context.js';
import { CLEARS, VERDICT } from './staging-tables.js';

export interface ClearCounts {
  /** Raised a floor. */
  readonly merged: number;
  readonly superseded: number;
  readonly duplicate: number;
  readonly held: number;
  /** Rows of raw that went. */
  readonly deleted: number;
}

/**
 * Performs the staged clears: decides which are held, raises floors, deletes what stands below them.
 * A held one has no effect until an operator approves it.
 */
export async function performClears(context: LoadContext): Promise<ClearCounts> {
  const { session, relation } = context;
  const depths = await depthsOf(context, `SELECT DISTINCT depth FROM ${CLEARS}`);
  if (depths.length === 0) return { merged: 0, superseded: 0, duplicate: 0, held: 0, deleted: 0 };
  // The scope as the server writes it: equal scopes are equal text, whatever the source wrote.
  for (const depth of depths) {
    const values = scopeColumns(context, depth).map(({ type }, place) => `(parts::json ->> ${place})::${type}::text`);
    await session.run(`UPDATE ${CLEARS} SET scope = jsonb_build_array(${values.join(', ')}) WHERE depth = ${depth}`);
  }
  const held = await hold(context, depths);
  await session.run(JUDGE, [relation.dataset.name]);
  await session.run(
    `INSERT INTO ops.floor (dataset, scope, position, depth, at, batch)
     SELECT DISTINCT ON (scope, _position) $1, scope, _position, depth, coalesce(_at, 'epoch'), ($2::int8[])[_b + 1]
     FROM ${CLEARS} WHERE fate IN ('merged', 'superseded') ORDER BY scope, _position
     ON CONFLICT DO NOTHING`,
    [relation.dataset.name, context.batchIds],
  );
  if (relation.dataset.history === 'none') await session.run(FORGET_LOWER, [relation.dataset.name]);
  const deleted = await deleteBelow(context, depths, `${CLEARS} f`, `f.fate = 'merged'`);
  const counts = await session.rows<{ fate: string; count: string }>(
    `SELECT fate, count(*) FROM ${CLEARS} GROUP BY fate`,
  );
  const count = (fate: string): number => Number(counts.find((row) => row.fate === fate)?.count ?? 0);
  return { merged: count('merged'), superseded: count('superseded'), duplicate: count('duplicate'), held, deleted };
}

/** Marks the staged rows that lie below a floor. Returns whether there are any. */
export async function markBelowFloors(context: LoadContext): Promise<boolean> {
  const { session, relation } = context;
  const name = relation.dataset.name;
  const depths = await depthsOf(context, 'SELECT DISTINCT depth FROM ops.floor WHERE dataset = $1', [name]);
  let marked = 0;
  for (const depth of depths) {
    const scope = scopeColumns(context, depth).map(
      ({ physical, type }, place) => ` AND ${stagedKey(context, physical)} = (f.scope ->> ${place})::${type}`,
    );
    marked += await session.run(
      `INSERT INTO ${VERDICT} SELECT s._n, 'f' FROM ${stagedRows}
       WHERE NOT EXISTS (SELECT FROM ${VERDICT} v WHERE v._n = s._n)
         AND EXISTS (SELECT FROM ops.floor f WHERE f.dataset = $1 AND f.depth = ${depth} AND f.position > s._position${scope.join('')})`,
      [name],
    );
  }
  return marked > 0;
}

/** Deletes the rows of raw below clears; notes them as touched. `from`: a relation `f` with scope (jsonb), depth, _position. */
export async function deleteBelow(
  context: LoadContext,
  depths: readonly number[],
  from: string,
  condition: string,
): Promise<number> {
  const { session, relation } = context;
  const rules = relation.dataset.derive;
  let deleted = 0;
  for (const depth of depths) {
    const scope = scopeMatch(context, depth);
    const gone = `DELETE FROM ${raw(context)} r USING ${from} WHERE ${condition} AND f.depth = ${depth} AND r._position < f._position${scope}`;
    const notes = rules.map(
      (_, index) =>
        `t${index} AS (INSERT INTO ${touchedTable(index)} SELECT ${touchedSelect(relation, index, 'g')} FROM gone g WHERE NOT g._deleted)`,
    );
    deleted += await countOf(
      session,
      `WITH gone AS (${gone} RETURNING r.*)${notes.map((note) => `, ${note}`).join('')} SELECT count(*) FROM gone`,
    );
  }
  return deleted;
}

/** A clear counts as what it did to the floor of its scope. */
const JUDGE = `
UPDATE ${CLEARS} c SET fate = CASE
    WHEN EXISTS (SELECT FROM ops.floor f WHERE f.dataset = $1 AND f.scope = c.scope AND f.position = c._position)
      OR EXISTS (SELECT FROM ${CLEARS} o WHERE o.scope = c.scope AND o._position = c._position AND o._n < c._n AND o.fate IS NULL) THEN 'duplicate'
    WHEN EXISTS (SELECT FROM ops.floor f WHERE f.dataset = $1 AND f.scope = c.scope AND f.position > c._position) THEN 'superseded'
    ELSE 'merged' END
WHERE c.fate IS NULL`;

/** Without history only the highest floor of a scope matters. */
const FORGET_LOWER = `
DELETE FROM ops.floor f USING ops.floor higher
WHERE f.dataset = $1 AND higher.dataset = f.dataset AND higher.scope = f.scope AND higher.position > f.position`;

/** Outside of a log a clear that would delete too large a share of the dataset waits for an operator. */
async function hold(context: LoadContext, depths: readonly number[]): Promise<number> {
  const { session, relation } = context;
  const { name, capture, maxDelete } = relation.dataset;
  if (capture.mode === 'log' || maxDelete >= 1 || context.rawIsEmpty) return 0;
  const standing = await countOf(session, `SELECT count(*) FROM ${raw(context)} WHERE NOT _deleted`);
  const keys = relation.key
    .map((physical) => `${stagedKey(context, physical)} = r.${quoteIdentifier(physical)}`)
    .join(' AND ');
  await session.run('DROP TABLE IF EXISTS pg_temp.rollcall_reach');
  await session.run('CREATE TEMP TABLE rollcall_reach (_n int, rows bigint) ON COMMIT DROP');
  for (const depth of depths) {
    await session.run(
      `INSERT INTO pg_temp.rollcall_reach SELECT f._n, count(*) FROM ${CLEARS} f JOIN ${raw(context)} r ON r._position < f._position AND NOT r._deleted${scopeMatch(context, depth)}
       WHERE f.depth = ${depth} AND NOT EXISTS (SELECT FROM ${stagedRows} WHERE ${keys} AND s._position > f._position AND NOT s._deleted) GROUP BY f._n`,
    );
  }
  const marked = await session.run(
    `UPDATE ${CLEARS} c SET fate = 'held' FROM pg_temp.rollcall_reach h
     WHERE h._n = c._n AND h.rows > $2::float8 * $3::bigint
       AND NOT EXISTS (SELECT FROM ops.held o WHERE o.dataset = $1 AND o.scope = c.scope AND o.position = c._position AND o.status = 'approved')`,
    [name, maxDelete, standing],
  );
  await session.run(
    `INSERT INTO ops.held (dataset, scope, position, depth, at, batch, would_delete, standing, held_at)
     SELECT DISTINCT ON (c.scope, c._position) $1, c.scope, c._position, c.depth, coalesce(c._at, 'epoch'), ($2::int8[])[c._b + 1], h.rows, $3::bigint, clock_timestamp()
     FROM ${CLEARS} c JOIN pg_temp.rollcall_reach h ON h._n = c._n WHERE c.fate = 'held' ORDER BY c.scope, c._position
     ON CONFLICT DO NOTHING`,
    [name, context.batchIds, standing],
  );
  return marked;
}

function scopeMatch(context: LoadContext, depth: number): string {
  return scopeColumns(context, depth)
    .map(({ physical, type }, place) => ` AND r.${quoteIdentifier(physical)} = (f.scope ->> ${place})::${type}`)
    .join('');
}

/** The leading key columns of the dataset, as they stand in raw (also where the key itself is a hash over them). */
function scopeColumns(
  { dialect, relation }: LoadContext,
  depth: number,
): readonly { readonly physical: string; readonly type: string }[] {
  return relation.dataset.key.slice(0, depth).map((name) => {
    const column = relation.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new RangeError(`${relation.dataset.name}: key column ${name} is not there`);
    return { physical: column.physical, type: dialect.columnType(column.type) };
  });
}

async function depthsOf(
  { session }: LoadContext,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly number[]> {
  return (await session.rows<{ depth: number }>(sql, values)).map((row) => row.depth);
}

import { touchedSelect, touchedTable } from '../derive/touched.js';
import { quoteIdentifier, quoteLiteral } from '../dialect/quote-identifier.js';
import { keyShape } from '../schema/relation.js';
import { raw, stagedRows, stagedValue, type LoadContext } from './load-context.js';
import { CLEARS, ENDED, REFUSED, STAGED } from './staging-tables.js';

/**
 * The log of a table without a key: a deletion carries the whole old row, and ends one row that says the same. Of equal rows the first that
 * came is the first that goes; rows on either side of a clear never meet. So who ended whom follows from the set of rows, whatever the order
 * they came in, and is computed anew for the contents that a load touches. What says a row is all there is to know it by: tombstones keep it.
 *
 * Finds the pairs (ENDED: every row of these contents, and what ended it) and refuses deletions that end nothing. Before clears delete.
 */
export async function pairDeletions(context: LoadContext): Promise<void> {
  const { session, relation, batchIds } = context;
  if (!hasEndings(context)) return;
  await session.run(`CREATE TEMP TABLE rollcall_ended (position text COLLATE "C", by text COLLATE "C") ON COMMIT DROP`);
  if (!(await mayChangePairs(context))) return;
  // Contents are only worth knowing where something is deleted, so they are noted when it is.
  await session.run(
    `UPDATE ${raw(context)} x SET _content = ${contentOf(context, rawValues(context))} WHERE x._content IS NULL`,
  );
  await session.run(pairs(context), [relation.dataset.name]);
  await session.run(
    `WITH refused AS (
       DELETE FROM ${stagedRows} WHERE s._deleted AND NOT EXISTS (SELECT FROM ${ENDED} e WHERE e.by = s._position)
         AND NOT EXISTS (SELECT FROM ${raw(context)} x WHERE x._position = s._position)
         AND NOT EXISTS (SELECT FROM ops.floor f WHERE f.dataset = $2 AND f.position > s._position)
         AND NOT EXISTS (SELECT FROM ${CLEARS} f WHERE f._position > s._position) RETURNING s._b, s._position)
     INSERT INTO ${REFUSED} (_b, _position, reason, place, contract)
     SELECT s._b, s._position, 'base-missing', b.key || ' at ' || s._position, b.contract
     FROM refused s JOIN ops.batch b ON b.id = ($1::int8[])[s._b + 1]`,
    [batchIds, relation.dataset.name],
  );
}

/** Makes tombstones of the rows of raw that were ended, and none of those that were not. After the merge: some came with this very load. */
export async function endRows(context: LoadContext): Promise<void> {
  const { session, relation } = context;
  if (!hasEndings(context)) return;
  const changed = `r._position = e.position AND r._ended_by IS DISTINCT FROM e.by`;
  for (const index of relation.dataset.derive.keys()) {
    await session.run(
      `INSERT INTO ${touchedTable(index)} SELECT ${touchedSelect(relation, index, 'r')} FROM ${raw(context)} r, ${ENDED} e WHERE ${changed}`,
    );
  }
  await session.run(
    `UPDATE ${raw(context)} r SET _deleted = e.by IS NOT NULL, _ended_by = e.by FROM ${ENDED} e WHERE ${changed}`,
  );
}

/** Rows are ended by what they say, because there is no key. */
export function hasEndings({ relation }: Pick<LoadContext, 'relation'>): boolean {
  return keyShape(relation.dataset) === 'position';
}

/** Nothing changes where rows come behind all deletions: that is, nearly always. */
async function mayChangePairs(context: LoadContext): Promise<boolean> {
  const [found] = await context.session.rows<{ may: boolean | null }>(
    `SELECT EXISTS (SELECT FROM ${STAGED} WHERE _deleted)
       OR (SELECT max(_position) FROM ${raw(context)} WHERE _deleted AND _ended_by IS NULL)
          > least((SELECT min(_position) FROM ${STAGED}), (SELECT min(_position) FROM ${CLEARS})) AS may`,
  );
  return found?.may === true;
}

function pairs(context: LoadContext): string {
  const standing = raw(context);
  const content = contentOf(
    context,
    context.relation.columns.map((column) => ({ name: column.name, value: stagedValue(context, column) })),
    's._rest',
  );
  const numbered = (deleted: string): string =>
    `SELECT *, row_number() OVER (PARTITION BY content, segment ORDER BY position) AS place FROM cut_up WHERE ${deleted}`;
  return `
WITH cut AS MATERIALIZED (
  SELECT position FROM ops.floor WHERE dataset = $1 UNION SELECT _position FROM ${CLEARS}
), fresh AS MATERIALIZED (
  SELECT DISTINCT s._position AS position, s._deleted AS deleted, ${content} AS content FROM ${stagedRows}
  WHERE NOT EXISTS (SELECT FROM ${standing} x WHERE x._position = s._position)
), touched AS MATERIALIZED (
  SELECT content FROM fresh
  UNION
  SELECT x._content FROM ${standing} x WHERE x._deleted AND x._ended_by IS NULL AND x._position > (SELECT min(_position) FROM ${CLEARS})
), known AS (
  SELECT x._position AS position, x._deleted AND x._ended_by IS NULL AS deleted, x._content AS content
  FROM touched t JOIN ${standing} x ON x._content = t.content
  UNION ALL
  SELECT position, deleted, content FROM fresh
), cut_up AS MATERIALIZED (
  SELECT known.*, coalesce((SELECT max(c.position) FROM cut c WHERE c.position < known.position), '') AS segment FROM known
)
INSERT INTO ${ENDED}
SELECT h.position, g.position FROM (${numbered('NOT deleted')}) h
LEFT JOIN (${numbered('deleted')}) g ON g.content = h.content AND g.segment = h.segment AND g.place = h.place AND g.position > h.position`;
}

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

function rawValues({ relation }: LoadContext): readonly NamedValue[] {
  return relation.columns.map(({ name, physical }) => ({ name, value: `x.${quoteIdentifier(physical)}` }));
}

/** What a row says, as one hash over its values that are not NULL: a column that is added later does not change it. */
function contentOf({ relation }: LoadContext, values: readonly NamedValue[], rest = 'x._rest'): string {
  const parts = [...values.filter(({ name }) => !relation.key.includes(name)), { name: '_rest', value: rest }].map(
    ({ name, value }) => `${quoteLiteral(`${name}=`)} || quote_literal((${value})::text)`,
  );
  return `md5(concat_ws('|', ${parts.join(', ')}))::uuid`;
}

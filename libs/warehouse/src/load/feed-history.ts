import { quoteIdentifier } from '../dialect/quote-identifier.js';
import { historyTable, type Relation } from '../schema/relation.js';
import { countOf, rowColumns, stagedKey, stagedRows, type LoadContext } from './load-context.js';
import { CLEARS } from './staging-tables.js';

const KEYS = 'pg_temp.rollcall_history_key';

/**
 * Feeds history with every staged row, before the dedupe, and computes the versions of the touched keys anew from all that ever came: so any
 * order of delivery and any repetition gives the same table. Returns whether anything was touched.
 */
export async function feedHistory(context: LoadContext): Promise<boolean> {
  const { session, relation } = context;
  if (relation.dataset.history !== 'scd2') return false;
  const table = historyTable(relation.dataset.name);
  const key = relation.key.map(quoteIdentifier);
  const versioned = key.includes('"_position"') ? key : [...key, '_position'];
  const { names, values } = rowColumns(context, '$1');
  const order = [
    ...relation.key.map((physical) => stagedKey(context, physical)),
    ...(key.includes('"_position"') ? [] : ['s._position']),
  ];
  // One record seen by two reads counts from the earlier one.
  await session.run(
    `INSERT INTO ${table} AS h (${names.join(', ')}, _at, _observed)
     SELECT DISTINCT ON (${order.join(', ')}) ${values.join(', ')}, coalesce(s._at, 'epoch'), s._observed FROM ${stagedRows} ORDER BY ${order.join(', ')}, s._at
     ON CONFLICT (${versioned.join(', ')}) DO UPDATE SET _at = excluded._at WHERE excluded._at < h._at`,
    [context.batchIds],
  );
  await session.run(`DROP TABLE IF EXISTS ${KEYS}`);
  const staged = relation.key.map((physical) => `${stagedKey(context, physical)} AS ${quoteIdentifier(physical)}`);
  await session.run(
    `CREATE TEMP TABLE rollcall_history_key ON COMMIT DROP AS SELECT DISTINCT ${staged.join(', ')} FROM ${stagedRows}`,
  );
  await addClearedKeys(context, table);
  return recomputeVersions(context);
}

/** Keys whose versions a clear of this load ends. Without one nothing is asked: it would be all of history. */
export async function addClearedKeys({ session, relation, dialect }: LoadContext, table: string): Promise<void> {
  const clears = await countOf(session, `SELECT count(*) FROM ${CLEARS} WHERE fate IN ('merged', 'superseded')`);
  if (clears === 0) return;
  const key = relation.key.map(quoteIdentifier).join(', ');
  await session.run(
    `INSERT INTO ${KEYS} SELECT DISTINCT ${key} FROM ${table} h WHERE EXISTS (SELECT FROM ${CLEARS} f WHERE f.fate IN ('merged', 'superseded') AND f._position > h._position AND ${inScope(relation, dialect.columnType)})
     EXCEPT SELECT ${key} FROM ${KEYS}`,
  );
}

/** For a clear approved later: its keys are all that count. */
export async function recomputeCleared(context: LoadContext): Promise<boolean> {
  const { session, relation } = context;
  if (relation.dataset.history !== 'scd2') return false;
  const table = historyTable(relation.dataset.name);
  await session.run(`DROP TABLE IF EXISTS ${KEYS}`);
  await session.run(
    `CREATE TEMP TABLE rollcall_history_key ON COMMIT DROP AS SELECT ${relation.key.map(quoteIdentifier).join(', ')} FROM ${table} LIMIT 0`,
  );
  await addClearedKeys(context, table);
  return recomputeVersions(context);
}

/**
 * All versions and clears of a key in the order of positions. A version that says what the one before it said opens nothing; a clear and a
 * deletion both end what was. `_valid_from` never goes back: it is the running maximum of the times.
 */
async function recomputeVersions({ session, relation, dialect }: LoadContext): Promise<boolean> {
  const table = historyTable(relation.dataset.name);
  const key = relation.key.map(quoteIdentifier);
  const match = (a: string, b: string): string => key.map((name) => `${a}.${name} = ${b}.${name}`).join(' AND ');
  const columns = (row: string): string => key.map((name) => `${row}.${name}`).join(', ');
  const position = key.includes('"_position"') ? '' : ', _position';
  const content = [...relation.columns.map(({ physical }) => `h.${quoteIdentifier(physical)}`), 'h._rest::text'].join(
    ', ',
  );
  const written = await session.run(
    `
WITH event AS (
  SELECT ${columns('h')}${position === '' ? '' : ', h._position'}, h._at, false AS clear,
         CASE WHEN h._deleted THEN 'absent' ELSE md5(row(${content})::text) END AS state
  FROM ${table} h JOIN ${KEYS} k ON ${match('h', 'k')}
  UNION ALL
  SELECT ${columns('h')}${position === '' ? '' : ', f.position'}, f.at, true, 'absent'
  FROM (SELECT DISTINCT ON (${columns('h')}) h.* FROM ${table} h JOIN ${KEYS} k ON ${match('h', 'k')} ORDER BY ${columns('h')}, h._position) h
  JOIN ops.floor f ON f.dataset = $1 AND f.position > h._position AND ${inScope(relation, dialect.columnType)}
), ordered AS (
  SELECT event.*, max(_at) OVER running AS valid_from, state = lag(state, 1, 'absent') OVER running AS repeats
  FROM event WINDOW running AS (PARTITION BY ${key.join(', ')} ORDER BY _position, clear ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
), opened AS (
  SELECT ordered.*, lead(valid_from) OVER (PARTITION BY ${key.join(', ')} ORDER BY _position, clear) AS valid_to FROM ordered WHERE NOT repeats
  UNION ALL
  SELECT ordered.*, NULL FROM ordered WHERE repeats
)
UPDATE ${table} h SET _valid_from = o.valid_from, _valid_to = o.valid_to, _repeats = o.repeats
FROM opened o
WHERE NOT o.clear AND ${match('h', 'o')} AND h._position = o._position
  AND (h._valid_from, h._valid_to, h._repeats) IS DISTINCT FROM (o.valid_from, o.valid_to, o.repeats)`,
    [relation.dataset.name],
  );
  return written > 0;
}

/** A row `h` of history lies in the scope of `f` (a clear, or a floor). */
function inScope(relation: Relation, columnType: LoadContext['dialect']['columnType']): string {
  const depths = Array.from({ length: relation.dataset.key.length + 1 }, (_, depth) => {
    const parts = relation.dataset.key.slice(0, depth).map((name, place) => {
      const column = relation.columns.find((candidate) => candidate.name === name);
      if (column === undefined) throw new RangeError(`${relation.dataset.name}: key column ${name} is not there`);
      return ` AND h.${quoteIdentifier(column.physical)} = (f.scope ->> ${place})::${columnType(column.type)}`;
    });
    return `(f.depth = ${depth}${parts.join('')})`;
  });
  return `(${depths.join(' OR ')})`;
}

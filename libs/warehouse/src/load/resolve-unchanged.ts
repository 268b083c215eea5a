import type { BatchWritten } from '@rollcall/contracts';
import { quoteIdentifier, quoteLiteral } from '../dialect/quote-identifier.js';
import { historyTable, type RawColumn } from '../schema/relation.js';
import { raw, stagedKey, stagedRows, type LoadContext } from './load-context.js';
import { alongChain, isLink } from './plan-batches.js';
import { CLEARS, REFUSED, STAGED, VERDICT } from './staging-tables.js';

/** A batch with rows that lean on the rows before them. */
export interface LeaningBatch {
  /** Its number in the load. */
  readonly number: number;
  /** Its first position: what its rows lean on lies before. */
  readonly first: string;
  /** Numbers of the batches where these rows may be: those before it in its chain, and all that are in none. */
  readonly earlier: readonly number[];
}

/** Leaning batches in the order of their chain. `batches`, `batchIds`: by number. */
export function leaningBatches(
  batches: readonly BatchWritten[],
  batchIds: readonly (string | null)[],
  leaning: ReadonlySet<number>,
): readonly LeaningBatch[] {
  if (leaning.size === 0) return [];
  const loaded = batches.flatMap((batch, number) => ((batchIds[number] ?? null) === null ? [] : [{ batch, number }]));
  const apart = loaded.filter(({ batch }) => !isLink(batch)).map(({ number }) => number);
  const chain = loaded.filter(({ batch }) => isLink(batch)).sort((a, b) => alongChain(a.batch, b.batch));
  return chain.flatMap(({ batch, number }, place) => {
    if (!leaning.has(number)) return [];
    const earlier = [...apart, ...chain.slice(0, place).map((link) => link.number)];
    return [{ number, first: batch.firstPosition ?? '', earlier }];
  });
}

/**
 * Gives columns that the log did not repeat the value the row had before: batch by batch, before anything is deleted. Resolved rows lose their
 * `_unchanged`; where no base is found it stays.
 *
 * With history what stood under the base key just before the batch is known. Without it only raw is, which may be behind or ahead of the
 * beginning of an overlapping batch, so the row is followed: it stood under its base key until the first row of the batch that leans on the same
 * base, then under that one's key until the next, and so on. Whatever is known of a key within such a stretch is this row's, so raw is read where
 * it stands. A value behind which a refused row of the same key lies is not certain: it counts as missing.
 */
export async function resolveUnchanged(context: LoadContext, batches: readonly LeaningBatch[]): Promise<void> {
  for (const batch of batches) await context.session.run(resolution(context, batch), [context.relation.dataset.name]);
}

/**
 * Refuses what is still without a base. Without history, a row that loses anyway needs none: one below a floor, or not newer than what stands.
 */
export async function refuseUnresolved(context: LoadContext, batches: readonly LeaningBatch[]): Promise<void> {
  if (batches.length === 0) return;
  const { session, relation, batchIds } = context;
  const keys = keysOf(context);
  const stands = `EXISTS (SELECT FROM ${raw(context)} r WHERE ${keys.map(({ name, own }) => `r.${name} = ${own}`).join(' AND ')} AND r._position >= s._position)`;
  const loses = `EXISTS (SELECT FROM ${VERDICT} v WHERE v._n = s._n) OR ${stands}`;
  const open = `s._unchanged IS NOT NULL${relation.dataset.history === 'scd2' ? '' : ` AND NOT (${loses})`}`;
  await session.run(
    `WITH refused AS (DELETE FROM ${stagedRows} WHERE ${open} RETURNING s.*),
     forgotten AS (DELETE FROM ${VERDICT} v USING refused WHERE v._n = refused._n)
     INSERT INTO ${REFUSED} (_b, _position, reason, place, "column", contract, row_key)
     SELECT s._b, s._position, 'base-missing', b.key || ' at ' || s._position, s._unchanged::json ->> 0, b.contract, ${keyText(context)}
     FROM refused s JOIN ops.batch b ON b.id = ($1::int8[])[s._b + 1]`,
    [batchIds],
  );
}

/** The key of a staged row as a JSON array of texts. */
export function keyText(context: LoadContext): string {
  return `jsonb_build_array(${keysOf(context)
    .map(({ own }) => `(${own})::text`)
    .join(', ')})::text`;
}

interface KeyPart {
  readonly name: string;
  readonly own: string;
  readonly type: string;
}

function keysOf(context: LoadContext): readonly KeyPart[] {
  const { relation, dialect } = context;
  return relation.key.map((physical) => {
    const column = relation.columns.find((candidate) => candidate.physical === physical);
    const type = column === undefined ? 'text COLLATE "C"' : dialect.columnType(column.type);
    return { name: quoteIdentifier(physical), own: stagedKey(context, physical), type };
  });
}

function resolution(context: LoadContext, { number, first, earlier }: LeaningBatch): string {
  const keys = keysOf(context);
  const list = (prefix: string): string => keys.map((_, place) => `${prefix}${place}`).join(', ');
  const match = (a: string, b: string): string => keys.map((_, place) => `${a}${place} = ${b}${place}`).join(' AND ');
  const base = keys.map(
    ({ own, type }, place) =>
      `CASE WHEN s._prev_key IS NULL THEN ${own} ELSE (s._prev_key::jsonb ->> ${place})::${type} END AS b${place}`,
  );
  const columns = leaningColumns(context);
  const names = columns.map(({ staged }) => staged).join(', ');
  const before = `AND (step.until IS NULL OR %._position < step.until) AND %._position >= step.since`;
  const within = (row: string): string => before.replaceAll('%', row);
  const at = (row: string): string => keys.map(({ name }, place) => `${row}.${name} = step.k${place}`).join(' AND ');
  const standing = (row: string): string =>
    `${row}._position, ${row}._deleted, ${row}._rest::text AS _rest${columns.map(({ of }) => `, ${of(row)}`).join('')}`;
  const { dataset } = context.relation;
  const history =
    dataset.history === 'scd2'
      ? `UNION ALL
    (SELECT ${standing('h')} FROM ${historyTable(dataset.name)} h WHERE ${at('h')} ${within('h')} ORDER BY h._position DESC LIMIT 1)`
      : '';
  const own = keys.map(({ own: key }, place) => `${key} = step.k${place}`).join(' AND ');
  return `
WITH need AS MATERIALIZED (
  SELECT s._n, s._position AS p, s._unchanged::jsonb AS u, ${base.join(', ')}, ${keys.map(({ own: key }, place) => `${key} AS k${place}`).join(', ')}
  FROM ${stagedRows} WHERE s._b = ${number} AND s._unchanged IS NOT NULL
), step (${list('b')}, ${list('k')}, since, until) AS MATERIALIZED (${
    dataset.history === 'scd2'
      ? `
  SELECT DISTINCT ${list('b')}, ${list('b')}, '', ${quoteLiteral(first)} FROM need`
      : `
  SELECT ${list('b')}, ${list('k')}, p, lead(p) OVER (PARTITION BY ${list('b')} ORDER BY p) FROM need
  UNION ALL
  SELECT ${list('b')}, ${list('b')}, '', min(p) FROM need GROUP BY ${list('b')}`
  }
), known AS (
  SELECT ${list('step.b')}, f.* FROM step CROSS JOIN LATERAL (
    SELECT ${standing('r')} FROM ${raw(context)} r WHERE ${at('r')} ${within('r')}
    ${history}
  ) f
  UNION ALL
  SELECT ${list('step.b')}, s._position, s._deleted, s._rest${columns.map(({ staged }) => `, s.${staged}`).join('')}
  FROM step JOIN ${stagedRows} ON ${own} ${within('s')} AND s._unchanged IS NULL AND s._b = ANY ('{${earlier.join(',')}}'::int2[])
), doubt AS (
  SELECT ${list('step.b')}, q.position FROM (
    SELECT position, row_key FROM ops.quarantine WHERE dataset = $1 AND row_key IS NOT NULL AND status <> 'replayed'
    UNION ALL
    SELECT _position, row_key FROM ${REFUSED} WHERE row_key IS NOT NULL AND _b <> ${number}
  ) q JOIN step ON ${keys.map(({ type }, place) => `(q.row_key::jsonb ->> ${place})::${type} = step.k${place}`).join(' AND ')}
    AND q.position >= step.since AND (step.until IS NULL OR q.position < step.until)
), found AS (
  SELECT DISTINCT ON (n._n) n._n, n.p, n.u, ${list('n.b')}, f._position, f._deleted, f._rest${names === '' ? '' : `, ${columns.map(({ staged }) => `f.${staged}`).join(', ')}`}
  FROM need n JOIN known f ON ${match('f.b', 'n.b')} AND f._position <= n.p
  ORDER BY n._n, f._position DESC
)
UPDATE ${STAGED} s SET _unchanged = NULL, _rest = CASE WHEN x._rest IS NULL THEN s._rest ELSE ${mergedRest} END${columns
    .map(({ staged, literal }) => `, ${staged} = CASE WHEN x.u ? ${literal} THEN x.${staged} ELSE s.${staged} END`)
    .join('')}
FROM found x
WHERE x._n = s._n AND NOT x._deleted
  AND NOT EXISTS (SELECT FROM doubt WHERE ${match('doubt.b', 'x.b')} AND doubt.position > x._position AND doubt.position < x.p)
  AND NOT EXISTS (SELECT FROM ops.floor c WHERE c.dataset = $1 AND c.depth = 0 AND c.position > x._position AND c.position < x.p)
  AND NOT EXISTS (SELECT FROM ${CLEARS} c WHERE c.depth = 0 AND c._position > x._position AND c._position < x.p)
  AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(x.u) c (name) WHERE NOT coalesce(x._rest::jsonb ? c.name, false) AND CASE c.name
    ${columns.map(({ staged, literal }) => `WHEN ${literal} THEN x.${staged} IS NULL`).join(' ')} ELSE true END)`;
}

/** Members of the base's `_rest` that are unchanged, with the row's own, in the order of their names. */
const mergedRest = `(
  SELECT '{' || string_agg(to_json(m.key)::text || ':' || m.value::text, ',' ORDER BY m.key COLLATE "C") || '}' FROM (
    SELECT key, value FROM json_each(coalesce(s._rest, '{}')::json)
    UNION ALL
    SELECT key, value FROM json_each(x._rest::json) WHERE x.u ? key
  ) m)`;

/** What a row can have unchanged: every column but the key's. */
function leaningColumns({ relation, dialect }: LoadContext): readonly {
  readonly staged: string;
  readonly literal: string;
  readonly of: (row: string) => string;
}[] {
  return relation.dataset.columns.flatMap(({ name, type }) => {
    const column: RawColumn | undefined = relation.columns.find((candidate) => candidate.name === name);
    if (column === undefined || relation.dataset.key.includes(name)) return [];
    const staged = quoteIdentifier(name);
    const of = (row: string): string =>
      `${row}.${quoteIdentifier(column.physical)}::${dialect.stagingType(type)} AS ${staged}`;
    return [{ staged, literal: quoteLiteral(name), of }];
  });
}

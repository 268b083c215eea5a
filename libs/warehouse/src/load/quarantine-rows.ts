import { REFUSED } from './staging-tables.js';
import { countOf, type LoadContext } from './load-context.js';

/** Brings the refused rows into quarantine, each position of a dataset once. */
export async function quarantineRows({
  session,
  relation,
  batchIds,
}: LoadContext): Promise<{ readonly quarantined: number; readonly duplicate: number }> {
  const all = await countOf(session, `SELECT count(*) FROM ${REFUSED}`);
  if (all === 0) return { quarantined: 0, duplicate: 0 };
  const quarantined = await session.run(
    `INSERT INTO ops.quarantine (dataset, position, batch, lane, reason, place, "column", contract, length, sealed, format, header, row_key, loaded_at)
     SELECT DISTINCT ON (q._position) $1, q._position, b.id, b.lane, q.reason, q.place, q."column", q.contract, q.length, q.sealed, q.format, q.header, q.row_key, clock_timestamp()
     FROM ${REFUSED} q JOIN ops.batch b ON b.id = ($2::int8[])[q._b + 1]
     ORDER BY q._position, q.reason
     ON CONFLICT (dataset, position) DO NOTHING`,
    [relation.dataset.name, batchIds],
  );
  return { quarantined, duplicate: all - quarantined };
}

import { askSource } from '@rollcall/source-postgres';
import type pg from 'pg';
import type { OpenTable } from '../full/open-table.js';

/**
 * What tells one set of rows from another, whatever their order, in the source itself: their number and the sums of two hashes. '' when there are none.
 * `version`: of the contract, because under another one the same rows are to be landed again.
 */
export async function nullsDigest(
  client: pg.Client,
  { plan }: OpenTable,
  from: string,
  version: string,
): Promise<string> {
  const row = `ROW(${plan.columns.map(({ sql }) => sql).join(', ')})::text`;
  const sum = (seed: number): string => `coalesce(sum(pg_catalog.hashtextextended(${row}, ${seed})), 0)::text`;
  const sql = `SELECT count(*)::text AS rows, ${sum(0)} AS first, ${sum(1)} AS second ${from}`;
  const { rows } = await askSource(client.query<{ rows: string; first: string; second: string }>(sql));
  const [digest] = rows;
  return !digest || digest.rows === '0' ? '' : `${version}:${digest.rows}:${digest.first}:${digest.second}`;
}

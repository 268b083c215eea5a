import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { askSource, describeTable, qualifiedSource, type SourceTable } from '@rollcall/source-postgres';
import type pg from 'pg';
import { planCapture, type CapturePlan } from '../plan/capture-plan.js';
import type { SourceContext } from '../source-context.js';
import type { Leaf } from './block-ranges.js';

/** A table as one transaction sees it and nobody can rewrite it meanwhile. */
export interface OpenTable {
  readonly table: SourceTable;
  readonly plan: CapturePlan;
  /** Quoted and qualified. */
  readonly sql: string;
  /** For people. */
  readonly name: string;
  /** Empty where rows are not in blocks that can be told apart. */
  readonly leaves: readonly Leaf[];
  /** Transactions from this id on are not seen, or not wholly (xid8). */
  readonly xmin: bigint;
}

/**
 * Looks at a dataset's table inside the transaction at hand, and holds it until that ends: whoever would rewrite, truncate or drop it waits.
 * Code source/unfit when there is none, or it is not as the catalog says.
 */
export async function openTable(
  { source, piiKey }: Pick<SourceContext, 'source' | 'piiKey'>,
  client: pg.Client,
  dataset: Dataset,
): Promise<OpenTable> {
  const from = dataset.from ?? dataset.name;
  const before = await describeTable(client, from);
  if (!before)
    throw new RollcallError('source/unfit', `${source.source} has no table ${from}, that ${dataset.name} is read from`);
  const sql = qualifiedSource(before.schema, before.name);
  await askSource(client.query(`SELECT FROM ${sql} LIMIT 0`));
  // As it stands under the lock.
  const table = (await describeTable(client, from)) ?? before;
  const plan = planCapture(dataset, table, piiKey);
  const [fault] = plan.faults;
  if (fault) throw new RollcallError('source/unfit', fault.message);
  const nodes = await fileNodes(client, table);
  const { rows } = await askSource(client.query<{ xmin: string }>(XMIN));
  return {
    table,
    plan,
    sql,
    name: `${table.schema}.${table.name}`,
    leaves: nodes,
    xmin: BigInt(rows[0]?.xmin ?? 0),
  };
}

const XMIN = 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin';

async function fileNodes(client: pg.Client, table: SourceTable): Promise<readonly Leaf[]> {
  const hasBlocks = table.kind !== 'view' && table.kind !== 'foreign' && table.foreignPartitions === undefined;
  if (!hasBlocks) return [];
  const { rows } = await askSource(
    client.query<{ oid: number; node: number | null }>(
      'SELECT oid::int8::float8 AS oid, pg_relation_filenode(oid)::int8::float8 AS node FROM unnest($1::oid[]) AS leaf (oid)',
      [table.leaves.map(({ oid }) => oid)],
    ),
  );
  const nodes = new Map(rows.map(({ oid, node }) => [oid, node ?? 0]));
  return table.leaves.map(({ sql, oid, blocks }) => ({ sql, oid, blocks, fileNode: nodes.get(oid) ?? 0 }));
}

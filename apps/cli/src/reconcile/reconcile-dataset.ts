import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { describeTable, qualifiedSource } from '@rollcall/source-postgres';
import { effectiveDataset, rawTable, readRawColumns, resolveRelation } from '@rollcall/warehouse';
import { compareDataset, type Compared, type Comparison } from './compare-dataset.js';
import { planCompare, type ComparePlan } from './compare-plan.js';
import { sourceSide, warehouseSide } from './side.js';

export interface Reconciled {
  readonly dataset: Dataset;
  readonly plan: ComparePlan;
  readonly compared: Compared;
}

/** Looks at what a dataset is on both sides, and compares it. Codes source/*, warehouse/*; source/unfit when a side does not have it. */
export async function reconcileDataset(
  dataset: Dataset,
  request: Omit<Comparison, 'plan' | 'source' | 'warehouse'>,
): Promise<Reconciled> {
  const { source, warehouse } = request.databases;
  const from = dataset.from ?? dataset.name;
  const table = await describeTable(source, from);
  if (!table) throw new RollcallError('source/unfit', `${dataset.source} has no table ${from}`);
  const standing = await warehouse.session((session) => readRawColumns(session, dataset.name));
  if (standing.length === 0)
    throw new RollcallError(
      'source/unfit',
      `${dataset.name} is not in the warehouse yet: \`rollcall sync ${dataset.name}\` reads it`,
    );
  const plan = planCompare(dataset, table, resolveRelation(effectiveDataset(dataset, standing), standing));
  const compared = await compareDataset({
    ...request,
    plan,
    source: sourceSide(plan, qualifiedSource(table.schema, table.name)),
    warehouse: warehouseSide(plan, rawTable(dataset.name)),
  });
  return { dataset, plan, compared };
}

export function isSame({ rows, coarse }: Compared): boolean {
  return rows.length === 0 && coarse.length === 0;
}

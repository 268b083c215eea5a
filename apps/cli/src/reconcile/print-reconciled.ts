import { isoMicros } from '@rollcall/kernel';
import { formatLsn } from '@rollcall/source-postgres';
import type { CliContext } from '../cli-context.js';
import { grouped } from '../screen/text-table.js';
import { kindOf, type DifferenceKind, type RowDifference } from './differences.js';
import { isSame, type Reconciled } from './reconcile-dataset.js';

const MAX_KEYS = 10;

/** What a comparison came to, for programs. Keys only where they are asked for. */
export function summaryOf(
  { dataset, plan, compared }: Reconciled,
  showKeys: boolean,
): Readonly<Record<string, unknown>> {
  const { rows, coarse } = compared;
  return {
    dataset: dataset.name,
    same: isSame(compared),
    lsn: formatLsn(compared.lsn),
    at: isoMicros(BigInt(compared.atMs) * 1000n),
    sourceRows: compared.sourceRows.toString(),
    warehouseRows: compared.warehouseRows.toString(),
    ranges: compared.ranges,
    differingRanges: new Set([...rows.map(({ range }) => range), ...coarse]).size,
    rangesNotNarrowed: coarse.length,
    missing: count(rows, 'missing'),
    extra: count(rows, 'extra'),
    different: count(rows, 'different'),
    late: compared.late,
    comparedColumns: plan.columns.map(({ name }) => name),
    leftOut: plan.leftOut,
    ...(showKeys && { keys: rows.slice(0, MAX_KEYS).map((row) => ({ key: row.key, what: kindOf(row) })) }),
  };
}

/** The same for people. The last line is the proof, or what is wrong. */
export function printReconciled(context: CliContext, reconciled: Reconciled, showKeys: boolean): void {
  const { dataset, plan, compared } = reconciled;
  const { rows, coarse, late, ranges } = compared;
  const { out } = context;
  const asOf = `LSN ${formatLsn(compared.lsn)} at ${isoMicros(BigInt(compared.atMs) * 1000n)}`;
  const figures = `${grouped(compared.sourceRows)} rows in the source, ${grouped(compared.warehouseRows)} in the warehouse, ${grouped(ranges)} ranges`;
  if (isSame(compared)) out.line(`${dataset.name}: matches source as of ${asOf} (${figures})`);
  else {
    const differing = new Set([...rows.map(({ range }) => range), ...coarse]).size;
    out.line(
      `${dataset.name}: differs from the source as of ${asOf} (${figures}, ${grouped(differing)} of them differ)`,
    );
    const of = (kind: DifferenceKind): string => grouped(count(rows, kind));
    out.line(
      `  rows missing in the warehouse: ${of('missing')}; there but not in the source: ${of('extra')}; different: ${of('different')}`,
    );
    if (coarse.length > 0) out.line(`  ranges that were not narrowed to rows: ${grouped(coarse.length)}`);
  }
  if (late > 0)
    out.line(
      `  ${grouped(late)} rows were on their way, and looked at again until LSN ${formatLsn(compared.settledLsn)}`,
    );
  for (const { column, why } of plan.leftOut) out.line(`  not compared: ${column} (${why})`);
  if (showKeys) for (const row of rows.slice(0, MAX_KEYS)) out.line(`  ${kindOf(row)}: ${JSON.stringify(row.key)}`);
}

function count(rows: readonly RowDifference[], kind: DifferenceKind): number {
  return rows.filter((row) => kindOf(row) === kind).length;
}

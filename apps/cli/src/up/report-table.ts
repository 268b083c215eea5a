import { formatValue, type ReportList } from '@rollcall/reports/shown';
import { grouped, textTable, type ColumnHead } from '../screen/text-table.js';

const HEADS: readonly ColumnHead[] = [
  { title: 'report' },
  { title: 'rows', align: 'right' },
  { title: 'data up to' },
  { title: 'health' },
  { title: 'withheld', align: 'right' },
];

/** One line a report: what is served, how old its data is, how well it is. */
export function reportTable({ reports, broken }: ReportList): string {
  return textTable(HEADS, [
    ...reports.map(({ report, rows, asOf, health, withheld }) => [
      report,
      grouped(rows),
      asOf === null ? '-' : formatValue(asOf, 'instant'),
      health,
      grouped(withheld),
    ]),
    ...broken.map(({ report }) => [report, '-', '-', 'not served', '-']),
  ]);
}

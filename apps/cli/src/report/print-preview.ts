import type { Report } from '@rollcall/reports';
import { formatValue, type Row } from '@rollcall/reports/shown';
import type { CliContext } from '../cli-context.js';
import { grouped, textTable } from '../screen/text-table.js';
import type { Preview } from './read-preview.js';

const NUMBERS: ReadonlySet<string> = new Set(['int4', 'int8', 'decimal', 'numeric', 'float8']);

/** Rows go to standard output, formatted as the page shows them or as JSON; what is said about them goes beside. */
export function printPreview(report: Report, preview: Preview, json: boolean, context: CliContext): void {
  const { out, err, paintErr } = context;
  if (json) for (const row of preview.rows) out.line(JSON.stringify(row));
  else out.line(rowsTable(report, preview.rows));
  err.line(rowsSaid(preview));
  for (const tile of report.tiles) {
    const value = formatValue(preview.tiles[tile.name] ?? null, tile.format, { unit: tile.unit, zone: report.zone });
    err.line(`${tile.label}: ${value}`);
  }
  for (const { name, severity, failures } of preview.tests) {
    if (failures === 0) err.line(`${paintErr.green('passed')}  test ${name}`);
    else {
      const effect = severity === 'hold' ? 'the last good state would be served' : 'said beside the numbers';
      err.line(`${paintErr.red('failed')}  test ${name}: ${grouped(failures)} offending rows; ${effect}`);
    }
  }
}

/** The columns of the report's table, in its order. */
function rowsTable(report: Report, rows: readonly Row[]): string {
  const columns = report.table.columns.flatMap((name) => report.columns.find((column) => column.name === name) ?? []);
  const heads = columns.map(({ label, type }) => ({
    title: label,
    align: NUMBERS.has(type.name) ? ('right' as const) : ('left' as const),
  }));
  return textTable(
    heads,
    rows.map((row) => columns.map(({ name, format }) => formatValue(row[name] ?? null, format, { zone: report.zone }))),
  );
}

function rowsSaid({ rows, total, filteredBy }: Preview): string {
  const filtered = filteredBy.length === 0 ? '' : `; ${filteredBy.join(', ')}`;
  return `${grouped(rows.length)} of ${grouped(total)} rows${filtered}`;
}

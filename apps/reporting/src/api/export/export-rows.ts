import { csvRow, parquetGroups, writeTable, type TextRow } from '@rollcall/lake';
import { exportStatement, type Report, type RowsQuery } from '@rollcall/reports';
import type { Warehouse } from '@rollcall/warehouse';
import type { ByteTarget } from './byte-target.js';
import { csvCell } from './csv-cell.js';
import { readByCursor } from './read-by-cursor.js';

export type ExportFormat = 'csv' | 'parquet';

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

export interface ExportJob {
  readonly report: Report;
  /** Its filters and sorting; a page's limit does not count. */
  readonly query: Pick<RowsQuery, 'filters' | 'sort'>;
  readonly format: ExportFormat;
  /** CSV: begin with a byte order mark. */
  readonly bom: boolean;
}

type Source = (take: (rows: readonly TextRow[]) => Promise<void>) => Promise<void>;

/** Writes all rows that the filters let through, in one snapshot. Throws what the warehouse or the target throws. */
export async function exportRows(
  readers: Pick<Warehouse, 'session'>,
  job: ExportJob,
  target: ByteTarget,
): Promise<void> {
  const { report, query, format } = job;
  const statement = exportStatement(report, query);
  const source: Source = (take) =>
    readers.session((session) => readByCursor(session, statement, report.columns.length, take));
  if (format === 'csv') await writeCsv(job, source, target);
  else await writeParquet(report, source, target);
  await target.finish();
}

async function writeCsv({ report, bom }: ExportJob, source: Source, target: ByteTarget): Promise<void> {
  const { columns } = report;
  // The head waits for the first rows: a warehouse that is away is then a problem, not an empty file.
  let head: string | undefined = (bom ? '\ufeff' : '') + csvRow(columns.map(({ name }) => name));
  await source(async (rows) => {
    const body = rows.map((row) => csvRow(columns.map(({ type }, i) => csvCell(row[i] ?? null, type)))).join('');
    await target.write(Buffer.from((head ?? '') + body));
    head = undefined;
  });
  if (head !== undefined) await target.write(Buffer.from(head));
}

async function writeParquet({ columns }: Report, source: Source, target: ByteTarget): Promise<void> {
  const { groups } = parquetGroups(columns, source);
  await writeTable(columns, groups, (bytes) => target.write(bytes));
}

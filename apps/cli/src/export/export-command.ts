import { resolve } from 'node:path';
import { csvRow, parquetGroups, writeTable, type TextRow, type Unfit } from '@rollcall/lake';
import { openWarehouse } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ExportOptions } from '../commands/data-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { grouped, humanBytes } from '../screen/text-table.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { logicalTypeOf, type PostgresColumn } from './export-column.js';
import { readColumns, readRows } from './read-relation.js';
import { fileTarget, streamTarget, type WriteTarget } from './write-target.js';

/** Feeds pieces of rows to `take`, in one snapshot. */
type Source = (take: (rows: readonly TextRow[]) => Promise<void>) => Promise<void>;

/** `rollcall export`: analytics.<dataset> to a file or to standard output, in one snapshot. Exit 1 when a value had to be left out. */
export async function runExport(
  opened: OpenedSettings,
  options: ExportOptions,
  context: CliContext,
): Promise<ExitCode> {
  const relation = options.args[0] ?? '';
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  // No limit on the whole statement: a large table takes as long as its reader.
  await using warehouse = openWarehouse(WAREHOUSE_URL, {
    applicationName: 'rollcall export',
    maxConnections: 1,
    statementTimeoutMs: 3_600_000,
  });
  const columns = await readColumns(warehouse, relation);
  const target =
    options.out === undefined ? streamTarget(context.writeOut) : await fileTarget(resolve(context.cwd, options.out));
  const tally = { rows: 0, bytes: 0 };
  const counted: WriteTarget = {
    ...target,
    async write(bytes) {
      context.stop.throwIfAborted();
      tally.bytes += bytes.byteLength;
      await target.write(bytes);
      context.err.progress(`${relation}: ${grouped(tally.rows)} rows, ${humanBytes(tally.bytes)}`);
    },
  };
  const source: Source = (take) =>
    warehouse.session((session) =>
      readRows(session, relation, columns, async (rows) => {
        tally.rows += rows.length;
        await take(rows);
      }),
    );
  try {
    const unfit =
      options.format === 'csv'
        ? await writeCsv(columns, source, counted)
        : await writeParquet(columns, source, counted);
    await target.finish();
    context.err.progress(undefined);
    context.err.line(`${relation}: ${grouped(tally.rows)} rows, ${humanBytes(tally.bytes)} of ${options.format}`);
    for (const { column, count } of unfit)
      context.err.line(`${column}: ${grouped(count)} values have no place in Parquet and are NULL there`);
    return unfit.length > 0 ? EXIT.findings : EXIT.ok;
  } catch (error) {
    await target.abandon();
    context.err.progress(undefined);
    // The reader went away or Ctrl-C: not an error, but not a whole export either.
    if (context.stop.aborted) return EXIT.findings;
    throw error;
  }
}

async function writeCsv(
  columns: readonly PostgresColumn[],
  source: Source,
  target: WriteTarget,
): Promise<readonly Unfit[]> {
  await target.write(Buffer.from(csvRow(columns.map(({ name }) => name))));
  await source((rows) => target.write(Buffer.from(rows.map(csvRow).join(''))));
  return [];
}

async function writeParquet(
  columns: readonly PostgresColumn[],
  source: Source,
  target: WriteTarget,
): Promise<readonly Unfit[]> {
  const typed = columns.map((column) => ({ name: column.name, type: logicalTypeOf(column) }));
  const { groups, unfit } = parquetGroups(typed, source);
  await writeTable(typed, groups, (bytes) => target.write(bytes));
  return unfit();
}

import { columnName, formatLogicalType, type LogicalType } from '@rollcall/catalog';
import { formatTableName, type SourceTable, type SourceType } from '@rollcall/source-postgres';
import { Document, isMap } from 'yaml';
import type { ChosenCapture } from './choose-capture.js';

const SCHEMA_LINE = ' yaml-language-server: $schema=../libs/catalog/schemas/source.schema.json';

export interface NewSource {
  readonly source: string;
  /** Name of the environment variable with the connection. */
  readonly connection: string;
  /** Stands before every dataset's name, where another source has such a name already. */
  readonly prefix?: string;
  readonly tables: readonly { readonly table: SourceTable; readonly capture: ChosenCapture }[];
}

/** The catalog file of a database: every table as a dataset, every column with the type the source gives it. Pure. */
export function sourceFile(added: NewSource, logicalOf: (type: SourceType) => LogicalType): string {
  const document = new Document({
    source: added.source,
    kind: 'postgres',
    connection: added.connection,
    ...(added.prefix !== undefined && { dataset_prefix: added.prefix }),
    ...(added.tables.some(({ capture }) => capture.mode !== 'log') && { schedule: { every: '15m', zone: 'UTC' } }),
    datasets: Object.fromEntries(
      added.tables.map(({ table, capture }) => [datasetName(table), datasetEntry(table, capture, logicalOf)]),
    ),
  });
  document.commentBefore = SCHEMA_LINE;
  const datasets = document.get('datasets');
  if (isMap(datasets))
    added.tables.forEach(({ capture }, at) => {
      const entry = datasets.items[at];
      if (isMap(entry?.value)) entry.value.commentBefore = ` ${capture.why}`;
    });
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}

/** `users` of public.users, `sales_orders` of sales.orders. */
export function datasetName({ schema, name }: SourceTable): string {
  return columnName(schema === 'public' ? name : `${schema}_${name}`);
}

function datasetEntry(
  table: SourceTable,
  capture: ChosenCapture,
  logicalOf: (type: SourceType) => LogicalType,
): Readonly<Record<string, unknown>> {
  const key = table.primaryKey.map(columnName);
  return {
    from: formatTableName(table),
    capture:
      capture.mode === 'watermark'
        ? { mode: capture.mode, cursor: columnName(capture.cursor ?? ''), sweep: '1d' }
        : { mode: capture.mode },
    ...(key.length > 0 && { key }),
    columns: Object.fromEntries(
      table.columns.map(({ name, type }) => [name, { type: formatLogicalType(logicalOf(type)) }]),
    ),
  };
}

import {
  buildRowKey,
  columnName,
  type Column,
  type Dataset,
  type LogicalType,
  type PiiKey,
  type Value,
} from '@rollcall/catalog';
import {
  columnCodec,
  policyCodec,
  quoteSourceIdentifier,
  type ColumnCodec,
  type SourceColumn,
  type SourceTable,
} from '@rollcall/source-postgres';

/** A column of a source on its way into the lake. */
export interface PlannedColumn {
  /** In lake and warehouse. */
  readonly name: string;
  /** The source's own type; text where a policy makes text of it. */
  readonly type: LogicalType;
  /** The quoted name in the source. */
  readonly sql: string;
  /** Reads its values, the PII policy applied. */
  readonly codec: ColumnCodec;
  /** The same without the policy: for what is decided about a row, never for what is landed. */
  readonly clearCodec: ColumnCodec;
  readonly hidden: boolean;
  readonly sourceColumn: SourceColumn;
}

export interface PlanFault {
  readonly kind: 'column-missing' | 'key-missing' | 'cursor-missing' | 'cursor-hidden' | 'name-collision';
  /** A sentence that names table and column, and the way out. */
  readonly message: string;
}

/** How the rows of a table become rows of a dataset. With faults it is not to be used. */
export interface CapturePlan {
  readonly columns: readonly PlannedColumn[];
  /** Places in `columns` of the dataset's key, in its order. */
  readonly key: readonly number[];
  /** Where the catalog wants a hash: `_key` of the values of the columns at `hashOver`, in that order. */
  readonly hashKey?: (values: readonly Value[]) => string;
  readonly hashOver: readonly number[];
  /** Place of the watermark's column. */
  readonly cursor?: number;
  readonly faults: readonly PlanFault[];
}

/**
 * Which columns of the table go into the lake, under which names, as what. Columns the catalog says nothing of come along as they are.
 * Throws config/invalid when a policy needs PII_KEY and there is none.
 */
export function planCapture(dataset: Dataset, table: SourceTable, piiKey: PiiKey | undefined): CapturePlan {
  const columns = table.columns.map((column) => plannedColumn(dataset, column, piiKey));
  const placeOf = (name: string): number => columns.findIndex((column) => column.name === name);
  const key = dataset.key.map(placeOf);
  const { capture } = dataset;
  const cursor = capture.mode === 'watermark' ? placeOf(capture.cursor) : undefined;
  const hashOver = dataset.key.length > 0 ? key : columns.map((_, at) => at);
  const faults = faultsOf(dataset, table, columns);
  return {
    columns,
    key,
    hashOver,
    faults,
    ...(cursor !== undefined && cursor >= 0 && { cursor }),
    ...(dataset.keyForm === 'hash' && faults.length === 0 && { hashKey: hashKeyOf(dataset, columns, hashOver) }),
  };
}

function plannedColumn(dataset: Dataset, sourceColumn: SourceColumn, piiKey: PiiKey | undefined): PlannedColumn {
  const column = dataset.columns.find(({ from }) => from.includes(sourceColumn.name));
  const clearCodec = columnCodec(sourceColumn.type, column?.type);
  const codec = column ? policyCodec(clearCodec, column, piiKey) : clearCodec;
  return {
    name: column?.name ?? columnName(sourceColumn.name),
    type: codec.logical,
    sql: quoteSourceIdentifier(sourceColumn.name),
    codec,
    clearCodec,
    hidden: column !== undefined && column.pii !== 'keep',
    sourceColumn,
  };
}

function hashKeyOf(
  dataset: Dataset,
  columns: readonly PlannedColumn[],
  over: readonly number[],
): (values: readonly Value[]) => string {
  const hashed = over.flatMap((at): Column[] => {
    const { name, type } = columns[at] ?? {};
    return name === undefined || type === undefined
      ? []
      : [{ name, type, from: [], trim: false, lower: false, pii: 'keep' }];
  });
  return buildRowKey({ ...dataset, columns: hashed });
}

function faultsOf(dataset: Dataset, table: SourceTable, columns: readonly PlannedColumn[]): PlanFault[] {
  const where = `${table.schema}.${table.name}`;
  const faults: PlanFault[] = [];
  const takenBy = new Map<string, string>();
  for (const { name, sourceColumn } of columns) {
    const other = takenBy.get(name);
    takenBy.set(name, sourceColumn.name);
    if (other === undefined) continue;
    const message = `${where}: columns "${other}" and "${sourceColumn.name}" both become ${name}: give one of them another name by \`columns: { <name>: { from: "${sourceColumn.name}" } }\``;
    faults.push({ kind: 'name-collision', message });
  }
  const missing = (kind: PlanFault['kind'], name: string, what: string): void => {
    const has = table.columns.map((column) => column.name).join(', ');
    faults.push({ kind, message: `${where} has no column ${name}, ${what} of dataset ${dataset.name}; it has ${has}` });
  };
  for (const name of dataset.key) if (!takenBy.has(name)) missing('key-missing', name, 'in the key');
  const cursor = dataset.capture.mode === 'watermark' ? dataset.capture.cursor : undefined;
  if (cursor !== undefined && !takenBy.has(cursor)) missing('cursor-missing', cursor, 'the cursor');
  if (columns.some(({ name, hidden }) => name === cursor && hidden)) {
    const message = `${where}: the cursor ${cursor} of ${dataset.name} has a PII policy, and the cursor is written into the lake: choose another column`;
    faults.push({ kind: 'cursor-hidden', message });
  }
  for (const { name } of dataset.columns)
    if (!takenBy.has(name) && !dataset.key.includes(name) && name !== cursor)
      missing('column-missing', name, 'a column in the catalog');
  return faults;
}

import { parseSource, type Dataset, type Value } from '@rollcall/catalog';
import type { BatchWritten, Lane, Range } from '@rollcall/contracts';
import { digestId, formatPosition, sha256Hex } from '@rollcall/kernel';
import type { StagedBatch, StagedColumn } from '../src/index.js';

/** A row as a lake batch carries it. */
export interface TestRow {
  readonly op?: 'u' | 'd' | 't';
  readonly position: string;
  readonly key?: string;
  readonly rest?: string | null;
  /** JSON array of leading key values; for a `t`. */
  readonly scope?: string;
  readonly committedAt?: bigint;
  /** JSON arrays: columns that the log did not repeat, and the key the row had before. */
  readonly unchanged?: string;
  readonly previous?: string;
  readonly values?: Readonly<Record<string, Value>>;
}

export interface BatchOptions {
  readonly id?: string;
  readonly lane?: Lane;
  readonly range?: Range;
  readonly after?: string;
  readonly needs?: readonly string[];
  /** Rows of one row group. */
  readonly groupRows?: number;
  /** What the manifest says, where it lies. */
  readonly rows?: number;
  readonly contract?: string;
  /** Types of columns, where the batch was written under another contract. */
  readonly columns?: Dataset['columns'];
}

export function positionOf(point: number, index = 0, epoch = 1): string {
  return formatPosition({ epoch, point: BigInt(point), index });
}

/** The one dataset of a catalog text. */
export function datasetOf(yaml: string): Dataset {
  const { source, faults } = parseSource(yaml, 'test.yaml');
  const [dataset] = source?.datasets ?? [];
  if (dataset === undefined || faults.length > 0) throw new Error(faults.map((fault) => fault.message).join('\n'));
  return dataset;
}

export function rowsBatch(dataset: Dataset, rows: readonly TestRow[], options: BatchOptions = {}): StagedBatch {
  const has = (name: keyof TestRow): boolean => rows.some((row) => row[name] !== undefined);
  const text = (name: string, of: (row: TestRow) => Value | undefined): StagedColumn => ({
    name,
    type: { name: 'text' },
    values: rows.map((row) => of(row) ?? null),
  });
  const columns: StagedColumn[] = [
    text('_position', (row) => row.position),
    text('_op', (row) => row.op ?? 'u'),
    ...(dataset.keyForm === 'hash' ? [text('_key', (row) => row.key)] : []),
    text('_rest', (row) => row.rest),
    ...(has('scope') ? [text('_scope', (row) => row.scope)] : []),
    ...(has('unchanged') ? [text('_unchanged', (row) => row.unchanged)] : []),
    ...(has('previous') ? [text('_prev_key', (row) => row.previous)] : []),
    ...(has('committedAt')
      ? [
          {
            name: '_committed_at',
            type: { name: 'timestamptz' } as const,
            values: rows.map((row) => row.committedAt ?? null),
          },
        ]
      : []),
    ...(options.columns ?? dataset.columns).map((column) => ({
      name: column.name,
      type: column.type,
      values: rows.map((row) => row.values?.[column.name] ?? null),
    })),
  ];
  return stagedBatch(
    dataset,
    rows.map((row) => row.position),
    columns,
    options,
  );
}

/** A part of a log, in the order of its rows. `after`: the position it continues from; absent: it begins its epoch. */
export function logBatch(
  dataset: Dataset,
  rows: readonly TestRow[],
  after?: string,
  options: BatchOptions = {},
): StagedBatch {
  const first = rows[0]?.position ?? '';
  return rowsBatch(dataset, rows, {
    ...options,
    range: { kind: 'log', first, last: rows.at(-1)?.position ?? first },
    ...(after !== undefined && { after }),
  });
}

export function rejectedBatch(
  dataset: Dataset,
  rows: readonly { readonly position: string; readonly reason: string; readonly sealed?: Uint8Array }[],
): StagedBatch {
  const text = (name: string, values: readonly Value[]): StagedColumn => ({ name, type: { name: 'text' }, values });
  const columns: StagedColumn[] = [
    text(
      '_position',
      rows.map((row) => row.position),
    ),
    text(
      'reason',
      rows.map((row) => row.reason),
    ),
    text(
      'place',
      rows.map((_, line) => `line ${line + 2}`),
    ),
    text(
      'contract',
      rows.map(() => dataset.version),
    ),
    { name: 'length', type: { name: 'int4' }, values: rows.map(() => 12) },
    { name: 'sealed', type: { name: 'bytes' }, values: rows.map((row) => row.sealed ?? null) },
    text(
      'format',
      rows.map(() => 'csv'),
    ),
    text(
      'header',
      rows.map(() => '["a","b"]'),
    ),
  ];
  return stagedBatch(
    dataset,
    rows.map((row) => row.position),
    columns,
    { lane: 'rejected' },
  );
}

/** The same batch again, as another delivery of it. */
function stagedBatch(
  dataset: Dataset,
  positions: readonly string[],
  columns: readonly StagedColumn[],
  options: BatchOptions,
): StagedBatch {
  const sorted = [...positions].sort();
  const lane = options.lane ?? 'rows';
  const batchId =
    options.id ??
    digestId(dataset.name, lane, ...positions, ...(options.contract === undefined ? [] : [options.contract]));
  const [firstPosition] = sorted;
  const lastPosition = sorted.at(-1);
  const announced: BatchWritten = {
    format: 1,
    batchId,
    source: dataset.source,
    dataset: dataset.name,
    lane,
    range: options.range ?? { kind: 'events', digest: sha256Hex(batchId), count: positions.length },
    rows: options.rows ?? positions.length,
    contract: options.contract ?? dataset.version,
    origin: 'test',
    ...(options.after !== undefined && { after: options.after }),
    ...(options.needs !== undefined && { needs: [...options.needs] }),
    ...(firstPosition !== undefined && { firstPosition }),
    ...(lastPosition !== undefined && { lastPosition }),
    extractedAt: '2026-01-02T03:04:05.678901Z',
    key: `${dataset.name}/date=2026-01-02/${batchId}.parquet`,
    bytes: 1_000,
    sha256: sha256Hex(batchId),
  };
  const size = options.groupRows ?? 1_000;
  return {
    announced,
    groups: {
      async *[Symbol.asyncIterator]() {
        for (let from = 0; from < positions.length; from += size) {
          const rowCount = Math.min(size, positions.length - from);
          yield {
            rowCount,
            columns: columns.map((column) => ({ ...column, values: column.values.slice(from, from + rowCount) })),
          };
        }
      },
    },
  };
}

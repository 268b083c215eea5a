import { valueToText, vectorValues, type LogicalType, type Value } from '@rollcall/catalog';
import { type BatchManifest } from '@rollcall/contracts';
import { openBatch, type ObjectStore, type VectorGroup } from '@rollcall/lake';

/** A batch as a reader finds it: one object per row, every value as its canonical text. */
export interface ReadBatch {
  readonly manifest: Pick<BatchManifest, 'range' | 'after' | 'firstPosition' | 'needs'> & Partial<BatchManifest>;
  readonly rows: readonly Row[];
}
export type Row = Readonly<Record<string, string | null>>;

/**
 * What a dataset is, told by its batches alone, in the plainest way: every row by its position, `_unchanged` values from the version that the row had
 * before the batch, highest position per key, and nothing below a `t`. Without key columns equal rows are counted. The order of the batches and
 * repeated ones make no difference.
 */
export function mergeBatches(batches: readonly ReadBatch[], key: readonly string[]): Row[] {
  const versions = resolved(batches, key);
  return key.length === 0 ? withoutKey(versions) : newestPerKey(versions, key);
}

/** All versions of all rows by position, with nothing left out: what a history is made of. */
export function versionsOf(batches: readonly ReadBatch[], key: readonly string[]): Row[] {
  return resolved(batches, key);
}

/** The rows-lane batches of a dataset, from the lake alone. */
export async function readBatches(store: ObjectStore, dataset: string): Promise<ReadBatch[]> {
  const batches: ReadBatch[] = [];
  for await (const { key } of store.list(`${dataset}/date=`)) {
    const found = await store.get(key);
    if (!found) continue;
    const { manifest, groups } = await openBatch(found.bytes);
    const rows: Row[] = [];
    for await (const group of groups()) rows.push(...rowsOf(group.columns, group.rowCount));
    batches.push({ manifest, rows });
  }
  return batches;
}

/** The rows of groups that were not written yet. */
export function rowsOfGroups(groups: readonly VectorGroup[]): Row[] {
  return groups.flatMap(({ columns, rowCount }) =>
    rowsOf(
      columns.map(({ name, type, vector }) => ({ name, type, values: vectorValues(type, vector) })),
      rowCount,
    ),
  );
}

/** The columns of the table alone. */
export function withoutMeta(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_')));
}

function rowsOf(
  columns: readonly { readonly name: string; readonly type: LogicalType; readonly values: readonly Value[] }[],
  rowCount: number,
): Row[] {
  return Array.from({ length: rowCount }, (_, at) =>
    Object.fromEntries(columns.map(({ name, type, values }) => [name, valueToText(type, values[at] ?? null)])),
  );
}

function resolved(batches: readonly ReadBatch[], key: readonly string[]): Row[] {
  const byPosition = new Map<string, Row>();
  const byKey = new Map<string, Row[]>();
  const ordered = [...batches].sort((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1));
  for (const batch of ordered) {
    const start = firstOf(batch);
    for (const row of batch.rows) {
      const position = row['_position'] ?? '';
      const whole = withBase(row, start, key, byKey);
      if (byPosition.has(position) && whole['_op'] !== byPosition.get(position)?.['_op'])
        throw new Error(`two rows at ${position}`);
      byPosition.set(position, whole);
      const id = keyText(row, key);
      byKey.set(id, [...(byKey.get(id) ?? []), whole]);
    }
  }
  return [...byPosition.values()].sort((a, b) => ((a['_position'] ?? '') < (b['_position'] ?? '') ? -1 : 1));
}

function withBase(row: Row, start: string, key: readonly string[], byKey: ReadonlyMap<string, readonly Row[]>): Row {
  const names = JSON.parse(row['_unchanged'] ?? '[]') as string[];
  if (names.length === 0) return row;
  const where = row['_prev_key'] ?? keyText(row, key);
  let base: Row | undefined;
  for (const version of byKey.get(where) ?? [])
    if ((version['_position'] ?? '') < start && (version['_position'] ?? '') >= (base?.['_position'] ?? ''))
      base = version;
  if (base?.['_op'] !== 'u') throw new Error(`${row['_position']}: there is no row ${where} before ${start}`);
  const found = base;
  return { ...row, ...Object.fromEntries(names.map((name) => [name, found[name] ?? null])) };
}

function newestPerKey(versions: readonly Row[], key: readonly string[]): Row[] {
  const newest = new Map<string, Row>();
  let floor = '';
  for (const version of versions) {
    if (version['_op'] === 't') floor = version['_position'] ?? '';
    else newest.set(keyText(version, key), version);
  }
  return [...newest.values()].filter((row) => row['_op'] === 'u' && (row['_position'] ?? '') > floor);
}

function withoutKey(versions: readonly Row[]): Row[] {
  const rows = new Map<string, Row[]>();
  for (const version of versions) {
    const content = JSON.stringify(withoutMeta(version));
    const same = rows.get(content) ?? [];
    if (version['_op'] === 't') rows.clear();
    else if (version['_op'] === 'u') rows.set(content, [...same, version]);
    else rows.set(content, same.slice(1));
  }
  return [...rows.values()].flat();
}

function keyText(row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((name) => row[name] ?? null));
}

function firstOf({ manifest, rows }: ReadBatch): string {
  return manifest.firstPosition ?? rows[0]?.['_position'] ?? '';
}

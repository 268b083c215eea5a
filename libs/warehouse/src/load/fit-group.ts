import { valueToText, type Column, type Dataset, type LogicalType, type Value } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { keyShape } from '../schema/relation.js';
import { homeName, isBusiness } from '../schema/source-columns.js';
import { sameType } from '../schema/widening.js';
import { keyTextOf, mayLean, previousOf, unchangedOf } from './fit-base.js';
import { checkKey, fitDeletion, scopeOf } from './fit-key.js';
import { fitRow } from './fit-row.js';
import type { Clear, FitContext, FittedGroup, Refusal, Work } from './fitted-group.js';
import { jsonMembers, jsonObject } from './json-members.js';
import type { RowGroup, StagedColumn } from './loading.js';

const POSITION = /^[0-9a-f]{4}-[0-9a-f]{16}-[0-9a-f]{8}$/;

/**
 * Decides, per row and before COPY, what of a group goes where: staged, refused, a clear. Pure but for `context.evolved`.
 * Throws load/contract-frozen where the contract says so, lake/corrupt when the group is not one of ours.
 */
export function fitGroup(context: FitContext, group: RowGroup): FittedGroup {
  const { dataset } = context;
  const given = byName(dataset, group);
  const take = (name: string): readonly Value[] => given.get(name)?.values ?? nulls(group.rowCount);
  const ops = take('_op');
  const positions = take('_position').map((value) => positionOf(dataset, value));
  const keys = take('_key');
  const leans = mayLean(dataset);
  const rests = restsOf(dataset, group, take('_rest'));
  const refused = new Map<number, Refusal>();
  const clears: Clear[] = [];
  const times = given.has('_committed_at') ? take('_committed_at') : observedTimes(context, positions, given);
  const fields = fieldsOf(dataset);

  const columns = dataset.columns.map((column) => {
    const source = given.get(column.name);
    const values = source === undefined ? nulls(group.rowCount) : source.values;
    return { column, type: source?.type ?? column.type, values, own: false, fits: context.dialect.fits(column.type) };
  });
  const work = columns.map((entry): Work => ({ ...entry, misfits: misfitsOf(entry, entry.fits) }));
  const extras: (string | null)[] = [];
  const newRests: Value[] = [];
  const rows: number[] = [];

  for (let row = 0; row < group.rowCount; row++) {
    const position = positions[row] ?? '';
    extras.push(null);
    newRests.push(rests[row] ?? null);
    if (context.only !== undefined && !context.only.has(position)) continue;
    const op = ops[row] ?? 'u';
    if (op === 't') {
      const scope = scopeOf(dataset, take('_scope')[row] ?? null, context.dialect);
      if (scope === undefined) refused.set(row, { position, reason: 'bad-scope', column: null, rowKey: null });
      else clears.push({ position, scope, at: bigintOrNull(times[row]), observed: !given.has('_committed_at') });
      continue;
    }
    if (op !== 'u' && op !== 'd') throw new RollcallError('lake/corrupt', `${dataset.name}: a row has an unknown _op`);
    // Without a key a deletion carries the whole row: it is found by what it says.
    const refusal =
      op === 'u' || keyShape(dataset) === 'position'
        ? fitRow(context, work, fields, row, newRests, extras)
        : fitDeletion(dataset, work, row, newRests);
    const keyed = refusal ?? checkKey(dataset, work, keys, row);
    if (keyed === undefined) rows.push(row);
    else
      refused.set(row, { position, ...keyed, rowKey: leans ? keyTextOf(dataset, work, keys[row] ?? null, row) : null });
  }
  const deletedRows = ops;
  return {
    rows,
    deleted: (row) => deletedRows[row] === 'd',
    positions,
    keys,
    unchanged: leans ? take('_unchanged').map((value) => unchangedOf(dataset, value)) : nulls(group.rowCount),
    previous: leans ? take('_prev_key').map((value) => previousOf(dataset, value)) : nulls(group.rowCount),
    rests: newRests,
    extras,
    times,
    observed: !given.has('_committed_at'),
    columns: work.map(({ values }) => values),
    refusals: [...refused.values()],
    clears,
  };
}

/** The columns by the names that the dataset has for them. */
function byName(dataset: Dataset, { columns }: RowGroup): ReadonlyMap<string, StagedColumn> {
  const sourced = dataset.kind === 'postgres';
  return new Map(
    columns.map((column) => [
      sourced && isBusiness(column.name) ? homeName(dataset, column.name) : column.name,
      column,
    ]),
  );
}

/** `_rest` with the values of columns that the dataset does not have: they are unknown fields, for a database in the order of their names. */
function restsOf(dataset: Dataset, { rowCount, columns }: RowGroup, rests: readonly Value[]): readonly Value[] {
  if (dataset.kind !== 'postgres') return rests;
  const unknown = columns
    .filter(
      ({ name }) => isBusiness(name) && !dataset.columns.some((column) => column.name === homeName(dataset, name)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (unknown.length === 0) return rests;
  return Array.from({ length: rowCount }, (_, row) => {
    const members = unknown.flatMap(({ name, type, values }) => {
      const text = valueToText(type, values[row] ?? null);
      return text === null ? [] : [{ rawName: JSON.stringify(name), rawValue: JSON.stringify(text.toWellFormed()) }];
    });
    const rest = rests[row] ?? null;
    if (members.length === 0) return rest;
    const own = typeof rest === 'string' ? jsonMembers(rest) : [];
    return own === undefined ? rest : jsonObject([...own, ...members]);
  });
}

/** One tight loop per column: nearly always nothing is wrong, and nothing is allocated. */
function misfitsOf(
  { column, type, values }: { readonly column: Column; readonly type: LogicalType; readonly values: readonly Value[] },
  fits: (value: Value) => boolean,
): ReadonlySet<number> | undefined {
  let misfits: Set<number> | undefined;
  const same = sameType(type, column.type);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? null;
    if (value === null || (same && fits(value))) continue;
    (misfits ??= new Set()).add(row);
  }
  return misfits;
}

/** Field name of the source -> place of the column that takes it. */
function fieldsOf(dataset: Dataset): ReadonlyMap<string, number> {
  const fields = new Map<string, number>();
  for (const [index, column] of dataset.columns.entries()) {
    for (const name of column.from) if (!fields.has(name)) fields.set(name, index);
  }
  // A column's own name wins over another one's alias.
  for (const [index, column] of dataset.columns.entries()) fields.set(column.name, index);
  return fields;
}

function positionOf(dataset: Dataset, value: Value): string {
  if (typeof value === 'string' && POSITION.test(value)) return value;
  throw new RollcallError('lake/corrupt', `${dataset.name}: a row has no _position`);
}

/** A cursor column of instants says when a version began; else it is when it was seen. */
function observedTimes(
  { dataset, observedAt }: FitContext,
  positions: readonly string[],
  given: ReadonlyMap<string, { readonly type: LogicalType; readonly values: readonly Value[] }>,
): readonly Value[] {
  if (dataset.history !== 'scd2') return nulls(positions.length);
  const cursor = dataset.capture.mode === 'watermark' ? given.get(dataset.capture.cursor) : undefined;
  const values = cursor?.type.name === 'timestamptz' ? cursor.values : [];
  return positions.map((position, row) => values[row] ?? observedAt(position));
}

function bigintOrNull(value: Value | undefined): bigint | null {
  return typeof value === 'bigint' ? value : null;
}

let shared: readonly null[] = [];
function nulls(count: number): readonly null[] {
  if (shared.length < count) shared = new Array<null>(count).fill(null);
  return shared;
}

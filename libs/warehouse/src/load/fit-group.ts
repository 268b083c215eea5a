import {
  columnName,
  parseValue,
  valueToText,
  type Column,
  type Dataset,
  type LogicalType,
  type Value,
} from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { Dialect } from '../dialect/dialect.js';
import { sameType } from '../schema/widening.js';
import { jsonMembers, jsonObject, memberText, type JsonMember } from './json-members.js';
import type { RowGroup } from './loading.js';

/** Why a row of the lake does not get into raw. Metric labels: a closed set. */
export type RefusalReason =
  'type-mismatch' | 'unknown-field' | 'key-missing' | 'key-too-long' | 'bad-rest' | 'bad-scope' | 'warehouse-refused';

export interface Refusal {
  readonly position: string;
  readonly reason: RefusalReason;
  readonly column: string | null;
}

/** A `t`: the leading key values of its scope, as text that the server reads. */
export interface Clear {
  readonly position: string;
  readonly scope: readonly string[];
  readonly at: bigint | null;
  readonly observed: boolean;
}

/** A row group as it will be staged. Arrays run over all rows of the group; `rows` says which of them are staged. */
export interface FittedGroup {
  readonly rows: readonly number[];
  readonly deleted: (row: number) => boolean;
  readonly positions: readonly string[];
  readonly keys: readonly Value[];
  readonly rests: readonly Value[];
  /** JSON object text of unknown fields that have (or get) a column. */
  readonly extras: readonly (string | null)[];
  readonly times: readonly Value[];
  readonly observed: boolean;
  /** One array per column of the dataset, in its order. */
  readonly columns: readonly (readonly Value[])[];
  readonly refusals: readonly Refusal[];
  readonly clears: readonly Clear[];
}

export interface FitContext {
  readonly dataset: Dataset;
  readonly dialect: Dialect;
  /** Unknown fields that may become columns; new ones are added here, up to `cap`. */
  readonly evolved: { readonly names: Set<string>; readonly cap: number };
  /** Times of versions: the rows' own, else this. Only for history. */
  readonly observedAt: (position: string) => bigint | null;
  /** Rows at other positions are passed over. Absent: all rows. */
  readonly only?: ReadonlySet<string>;
}

/** The server's B-tree refuses longer entries. */
export const MAX_KEY_BYTES = 2_000;

const POSITION = /^[0-9a-f]{4}-[0-9a-f]{16}-[0-9a-f]{8}$/;

/**
 * Decides, per row and before COPY, what of a group goes where: staged, refused, a clear. Pure but for `context.evolved`.
 * Throws load/contract-frozen where the contract says so, lake/corrupt when the group is not one of ours.
 */
export function fitGroup(context: FitContext, group: RowGroup): FittedGroup {
  const { dataset } = context;
  const given = new Map(group.columns.map((column) => [column.name, column]));
  const take = (name: string): readonly Value[] => given.get(name)?.values ?? nulls(group.rowCount);
  const ops = take('_op');
  const positions = take('_position').map((value) => positionOf(dataset, value));
  const rests = take('_rest');
  const refused = new Map<number, Refusal>();
  const clears: Clear[] = [];
  const times = given.has('_committed_at') ? take('_committed_at') : observedTimes(context, positions);
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
      if (scope === undefined) refused.set(row, { position, reason: 'bad-scope', column: null });
      else clears.push({ position, scope, at: bigintOrNull(times[row]), observed: !given.has('_committed_at') });
      continue;
    }
    if (op !== 'u' && op !== 'd') throw new RollcallError('lake/corrupt', `${dataset.name}: a row has an unknown _op`);
    const refusal =
      op === 'u' ? fitRow(context, work, fields, row, newRests, extras) : fitDeletion(dataset, work, row, newRests);
    const keyed = refusal ?? checkKey(dataset, work, take('_key'), row);
    if (keyed === undefined) rows.push(row);
    else refused.set(row, { position, ...keyed });
  }
  const deletedRows = ops;
  return {
    rows,
    deleted: (row) => deletedRows[row] === 'd',
    positions,
    keys: take('_key'),
    rests: newRests,
    extras,
    times,
    observed: !given.has('_committed_at'),
    columns: work.map(({ values }) => values),
    refusals: [...refused.values()],
    clears,
  };
}

interface Work {
  readonly column: Column;
  readonly type: LogicalType;
  values: readonly Value[];
  /** Whether `values` is a copy that may be written. */
  own: boolean;
  readonly fits: (value: Value) => boolean;
  /** Rows whose value needs a decision; absent when every one fits as it is. */
  readonly misfits: ReadonlySet<number> | undefined;
}

type RowRefusal = Omit<Refusal, 'position'>;

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

/** Brings one row into the contract: another type's value is read again, `_rest` is looked through, misfits are judged. */
function fitRow(
  context: FitContext,
  work: readonly Work[],
  fields: ReadonlyMap<string, number>,
  row: number,
  rests: Value[],
  extras: (string | null)[],
): RowRefusal | undefined {
  const { dataset } = context;
  const misfits = new Map<number, string>();
  for (const [index, entry] of work.entries()) {
    if (entry.misfits?.has(row) !== true) continue;
    const text = valueToText(entry.type, entry.values[row] ?? null) ?? '';
    const value = readAs(entry, text);
    write(entry, row, value ?? null);
    if (value === undefined) misfits.set(index, text);
  }
  const rest = rests[row] ?? null;
  let kept: readonly Pick<JsonMember, 'rawName' | 'rawValue'>[] = [];
  if (rest !== null) {
    const members = typeof rest === 'string' ? jsonMembers(rest) : undefined;
    if (members === undefined) return { reason: 'bad-rest', column: '_rest' };
    const sorted = sortMembers(context, work, fields, row, members, misfits);
    if ('reason' in sorted) return sorted;
    kept = sorted.kept;
    extras[row] = jsonObject(sorted.extra);
  }
  if (misfits.size > 0) {
    const judged = judgeMisfits(dataset, work, misfits);
    if (judged !== undefined) return judged;
    const known = new Set(kept.map(({ rawName }) => rawName));
    const added = [...misfits].map(([index, text]) => ({
      rawName: JSON.stringify(work[index]?.column.name),
      rawValue: JSON.stringify(text.toWellFormed()),
    }));
    kept = [...kept, ...added.filter(({ rawName }) => !known.has(rawName))];
  }
  if (rest !== null || misfits.size > 0) rests[row] = jsonObject(kept);
  return undefined;
}

interface SortedMembers {
  readonly kept: readonly JsonMember[];
  readonly extra: readonly Pick<JsonMember, 'rawName' | 'rawValue'>[];
}

/** What of `_rest` is a column of today's contract, an evolved column, or stays. */
function sortMembers(
  context: FitContext,
  work: readonly Work[],
  fields: ReadonlyMap<string, number>,
  row: number,
  members: readonly JsonMember[],
  misfits: Map<number, string>,
): SortedMembers | RowRefusal {
  const kept: JsonMember[] = [];
  const extra: Pick<JsonMember, 'rawName' | 'rawValue'>[] = [];
  for (const member of members) {
    const text = memberText(member);
    const index = fields.get(member.name);
    const entry = index === undefined ? undefined : work[index];
    // What a PII policy should have changed may not get into its column as it came.
    if (text === null || (entry !== undefined && entry.column.pii !== 'keep')) kept.push(member);
    else if (entry !== undefined && index !== undefined) {
      if ((entry.values[row] ?? null) !== null) kept.push(member);
      else {
        const value = readAs(entry, text);
        if (value === undefined) {
          misfits.set(index, text);
          kept.push(member);
        } else write(entry, row, value);
      }
    } else {
      const refusal = sortUnknown(context, member, text, kept, extra);
      if (refusal !== undefined) return refusal;
    }
  }
  return { kept, extra };
}

function sortUnknown(
  { dataset, evolved }: FitContext,
  member: JsonMember,
  text: string,
  kept: JsonMember[],
  extra: Pick<JsonMember, 'rawName' | 'rawValue'>[],
): RowRefusal | undefined {
  switch (dataset.contract.columns) {
    case 'freeze':
      throw new RollcallError(
        'load/contract-frozen',
        `${dataset.name}: unknown field ${shown(member.name)}, and its contract says columns: freeze`,
      );
    case 'quarantine':
      return { reason: 'unknown-field', column: shown(member.name) };
    case 'keep':
      kept.push(member);
      return undefined;
    case 'evolve': {
      const name = columnName(member.name);
      const taken = dataset.columns.some((column) => column.name === name);
      const room = evolved.names.has(name) || evolved.names.size < evolved.cap;
      if (taken || name.startsWith('_') || !room || text.includes('\0') || !text.isWellFormed()) kept.push(member);
      else {
        evolved.names.add(name);
        extra.push({ rawName: JSON.stringify(name), rawValue: JSON.stringify(text) });
      }
      return undefined;
    }
  }
}

function judgeMisfits(
  dataset: Dataset,
  work: readonly Work[],
  misfits: ReadonlyMap<number, string>,
): RowRefusal | undefined {
  const names = [...misfits.keys()].map((index) => work[index]?.column.name ?? '');
  const [first = ''] = names;
  const key = keyShapeColumns(dataset).find((name) => names.includes(name));
  if (key !== undefined) return { reason: 'type-mismatch', column: key };
  switch (dataset.contract.types) {
    case 'keep':
      return undefined;
    case 'quarantine':
      return { reason: 'type-mismatch', column: first };
    case 'freeze':
      throw new RollcallError(
        'load/contract-frozen',
        `${dataset.name}: a value does not fit column ${first}, and its contract says types: freeze`,
      );
  }
}

/** A tombstone keeps its key alone. */
function fitDeletion(dataset: Dataset, work: readonly Work[], row: number, rests: Value[]): RowRefusal | undefined {
  rests[row] = null;
  for (const entry of work) {
    if (!dataset.key.includes(entry.column.name)) {
      if ((entry.values[row] ?? null) !== null) write(entry, row, null);
    } else if (entry.misfits?.has(row) === true) {
      const value = readAs(entry, valueToText(entry.type, entry.values[row] ?? null) ?? '');
      if (value === undefined) return { reason: 'type-mismatch', column: entry.column.name };
      write(entry, row, value);
    }
  }
  return undefined;
}

function checkKey(
  dataset: Dataset,
  work: readonly Work[],
  keys: readonly Value[],
  row: number,
): RowRefusal | undefined {
  if (dataset.keyForm === 'hash' && typeof keys[row] !== 'string') return { reason: 'key-missing', column: '_key' };
  const needed = keyShapeColumns(dataset);
  let bytes = 0;
  for (const { column, values } of work) {
    const value = values[row] ?? null;
    if (needed.includes(column.name)) {
      if (value === null) return { reason: 'key-missing', column: column.name };
      bytes += sizeOf(value);
    } else if (dataset.derive.some((rule) => rule.by === column.name) && sizeOf(value) > MAX_KEY_BYTES) {
      return { reason: 'key-too-long', column: column.name };
    }
  }
  return bytes > MAX_KEY_BYTES ? { reason: 'key-too-long', column: dataset.key.join(', ') } : undefined;
}

function keyShapeColumns(dataset: Dataset): readonly string[] {
  return dataset.keyForm === 'hash' ? [] : dataset.key;
}

function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length < MAX_KEY_BYTES / 4 ? value.length : Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.length : 16;
}

/** The key values of a scope as text; undefined: not a prefix of the key. */
function scopeOf(dataset: Dataset, scope: Value, dialect: Dialect): readonly string[] | undefined {
  const values: unknown = typeof scope === 'string' ? parsedJson(scope) : undefined;
  if (!Array.isArray(values) || values.length > dataset.key.length) return undefined;
  const texts: string[] = [];
  for (const [place, raw] of values.entries()) {
    const column = dataset.columns.find((candidate) => candidate.name === dataset.key[place]);
    if (column === undefined) return undefined;
    const parsed = parseValue(column.type, raw);
    if (!parsed.ok || parsed.value === null || !dialect.fits(column.type)(parsed.value)) return undefined;
    texts.push(valueToText(column.type, parsed.value) ?? '');
  }
  return texts;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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

function readAs(entry: Work, text: string): Value | undefined {
  const parsed = parseValue(entry.column.type, text);
  return parsed.ok && parsed.value !== null && entry.fits(parsed.value) ? parsed.value : undefined;
}

function write(entry: Work, row: number, value: Value): void {
  const values = entry.own ? entry.values : [...entry.values];
  if (!Array.isArray(values)) throw new TypeError('fit: columns are arrays');
  values[row] = value;
  entry.values = values;
  entry.own = true;
}

function positionOf(dataset: Dataset, value: Value): string {
  if (typeof value === 'string' && POSITION.test(value)) return value;
  throw new RollcallError('lake/corrupt', `${dataset.name}: a row has no _position`);
}

function observedTimes({ dataset, observedAt }: FitContext, positions: readonly string[]): readonly Value[] {
  return dataset.history === 'scd2' ? positions.map(observedAt) : nulls(positions.length);
}

function bigintOrNull(value: Value | undefined): bigint | null {
  return typeof value === 'bigint' ? value : null;
}

let shared: readonly null[] = [];
function nulls(count: number): readonly null[] {
  if (shared.length < count) shared = new Array<null>(count).fill(null);
  return shared;
}

/** Field names may be anything; they stand in logs and lists. */
function shown(name: string): string {
  return name.length <= 100
    ? name.toWellFormed().replaceAll('\0', '')
    : `${name.slice(0, 100).toWellFormed().replaceAll('\0', '')}…`;
}

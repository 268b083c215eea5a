import { columnName, parseValue, valueToText, type Dataset, type Value } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { mayLean } from './fit-base.js';
import type { FitContext, RowRefusal, Work } from './fitted-group.js';
import { jsonMembers, jsonObject, memberText, type JsonMember } from './json-members.js';

/** Brings one row into the contract: another type's value is read again, `_rest` is looked through, misfits are judged. */
export function fitRow(
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
  if (rest !== null || misfits.size > 0) rests[row] = jsonObject(mayLean(dataset) ? byName(kept) : kept);
  return undefined;
}

/** One order, whether a row carries a member itself or has it of the row before. */
function byName<T extends Pick<JsonMember, 'rawName'>>(members: readonly T[]): readonly T[] {
  if (members.length < 2) return members;
  const named = members.map((member) => ({ member, name: Buffer.from(String(JSON.parse(member.rawName))) }));
  return named.sort((a, b) => Buffer.compare(a.name, b.name)).map(({ member }) => member);
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
  const key = dataset.keyForm === 'hash' ? undefined : dataset.key.find((name) => names.includes(name));
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

/** The text as a value that the column takes; undefined: it does not fit. */
export function readAs(entry: Work, text: string): Value | undefined {
  const parsed = parseValue(entry.column.type, text);
  return parsed.ok && parsed.value !== null && entry.fits(parsed.value) ? parsed.value : undefined;
}

/** Sets a value; the lake's own array is copied first. */
export function write(entry: Work, row: number, value: Value): void {
  const values = entry.own ? entry.values : [...entry.values];
  if (!Array.isArray(values)) throw new TypeError('fit: columns are arrays');
  values[row] = value;
  entry.values = values;
  entry.own = true;
}

/** Field names may be anything; they stand in logs and lists. */
function shown(name: string): string {
  return name.length <= 100
    ? name.toWellFormed().replaceAll('\0', '')
    : `${name.slice(0, 100).toWellFormed().replaceAll('\0', '')}…`;
}

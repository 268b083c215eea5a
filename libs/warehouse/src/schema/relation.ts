import { formatLogicalType, parseLogicalType, type Dataset, type LogicalType } from '@rollcall/catalog';
import { qualified, suffixed } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { takes } from './widening.js';

/** A column of raw. */
export interface RawColumn {
  /** As the contract (or the unknown field) names it. */
  readonly name: string;
  /** As it stands in the table: the name, or `<name>__2` after an incompatible change. */
  readonly physical: string;
  readonly type: LogicalType;
  /** `evolved`: it is not in the contract; an unknown field that became a text column, or a column of a database with its own type. */
  readonly origin: 'catalog' | 'evolved';
  readonly retired: boolean;
  readonly place: number;
}

/** The relations of one dataset as a load sees them. */
export interface Relation {
  readonly dataset: Dataset;
  /** In catalog order, then the evolved ones. */
  readonly columns: readonly RawColumn[];
  /** Physical columns that nothing writes any more: set NULL when their row changes. */
  readonly retired: readonly RawColumn[];
  /** Physical names of the primary key. */
  readonly key: readonly string[];
}

export const rawTable = (dataset: string): string => qualified('raw', dataset);
/** No dataset begins with `_`. */
export const historyTable = (dataset: string): string => qualified('history', suffixed(`_${dataset}`, ''));
export const historyView = (dataset: string): string => qualified('history', dataset);
export const analyticsView = (dataset: string): string => qualified('analytics', dataset);

/** How the key stands in the tables: its columns, `_key` (a hash), or `_position` where there is none. */
export function keyShape(dataset: Dataset): 'columns' | 'hash' | 'position' {
  if (dataset.keyForm === 'hash') return 'hash';
  return dataset.key.length > 0 ? 'columns' : 'position';
}

/** Reads which columns raw has. Empty: there is no table yet. */
export async function readRawColumns(session: Session, dataset: string): Promise<readonly RawColumn[]> {
  const rows = await session.rows<{
    name: string;
    physical: string;
    type: string;
    origin: 'catalog' | 'evolved';
    retired: boolean;
    place: number;
  }>('SELECT name, physical, type, origin, retired, place FROM ops.raw_column WHERE dataset = $1 ORDER BY place', [
    dataset,
  ]);
  return rows.map((row) => ({ ...row, type: typeOf(row.type) }));
}

/** Resolves the contract's columns against those of raw. A column without a home is left out: `ensureDataset` gives it one. */
export function resolveRelation(dataset: Dataset, standing: readonly RawColumn[]): Relation {
  const columns = dataset.columns.flatMap((column) => {
    const home = homeOf(standing, column.name, column.type);
    return home === undefined ? [] : [home];
  });
  const named = new Set(dataset.columns.map((column) => column.name));
  const others = standing.filter((column) => column.origin === 'evolved' && !named.has(column.name));
  const evolved = others.filter((column) => currentOf(others, column.name) === column);
  const used = new Set([...columns, ...evolved].map((column) => column.physical));
  return {
    dataset,
    columns: [...columns, ...evolved],
    retired: standing.filter((column) => !used.has(column.physical)),
    key: keyOf(dataset, columns),
  };
}

/** The newest column of that name which takes every value of the type. */
export function homeOf(standing: readonly RawColumn[], name: string, type: LogicalType): RawColumn | undefined {
  return standing.findLast((column) => column.name === name && takes(column.type, type));
}

/** Where values of that name go; what nothing was written to lately counts where there is no other. */
export function currentOf(standing: readonly RawColumn[], name: string): RawColumn | undefined {
  const own = standing.filter((column) => column.name === name);
  return own.findLast((column) => !column.retired) ?? own.at(-1);
}

function keyOf(dataset: Dataset, columns: readonly RawColumn[]): readonly string[] {
  switch (keyShape(dataset)) {
    case 'hash':
      return ['_key'];
    case 'position':
      return ['_position'];
    case 'columns':
      return dataset.key.map((name) => columns.find((column) => column.name === name)?.physical ?? name);
  }
}

export function typeText(type: LogicalType): string {
  return formatLogicalType(type);
}

function typeOf(text: string): LogicalType {
  const type = parseLogicalType(text);
  if (type === undefined) throw new RangeError(`ops.raw_column: ${text} is no logical type`);
  return type;
}

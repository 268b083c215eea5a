import { columnName, formatLogicalType, type Column, type Dataset, type LogicalType } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { suffixed } from '../dialect/quote-identifier.js';
import { currentOf, homeOf, type RawColumn } from './relation.js';
import { sameType, takes, widens } from './widening.js';

/** What the file of a batch says of the columns of its table. */
export interface FileColumns {
  /** The highest position in it. */
  readonly position: string;
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[];
}

/** What stands already. */
export interface Standing {
  readonly columns: readonly RawColumn[];
  /** The highest position whose columns were taken up; absent: none. */
  readonly newest: string | undefined;
  /** No batch was ever loaded: a column takes the first type that is said of it. */
  readonly empty: boolean;
}

export type ColumnStep =
  | { readonly kind: 'add'; readonly column: RawColumn }
  /** In place: widened, or there is no row. */
  | { readonly kind: 'alter'; readonly column: RawColumn; readonly keeps: boolean }
  /** The column of that name that new values go into from now on. */
  | { readonly kind: 'serve'; readonly column: RawColumn };

/** A column of the source belongs to Rollcall's own when it begins with `_`. */
export function isBusiness(name: string): boolean {
  return !name.startsWith('_');
}

/** The column of a dataset that a field of a database becomes: as the contract maps it, else by its own name. */
export function homeName(dataset: Dataset, field: string): string {
  const listed =
    dataset.columns.find(({ name }) => name === field) ?? dataset.columns.find(({ from }) => from.includes(field));
  return listed?.name ?? columnName(field);
}

/**
 * The contract as a load sees it: a database says itself which types the columns have that the catalog gives none, the key's among them, and
 * with `columns: evolve` which other columns there are. Other kinds of sources say nothing: it is the contract.
 */
export function effectiveDataset(dataset: Dataset, standing: readonly RawColumn[]): Dataset {
  if (dataset.kind !== 'postgres') return dataset;
  const listed = dataset.columns.map((column) => {
    const current = column.type.name === 'other' ? currentOf(standing, column.name) : undefined;
    return current === undefined ? column : { ...column, type: current.type };
  });
  const names = new Set(listed.map(({ name }) => name));
  const evolves = dataset.contract.columns === 'evolve';
  const others = standing.filter(
    ({ name, origin, retired }) =>
      origin === 'evolved' && !retired && !names.has(name) && (evolves || dataset.key.includes(name)),
  );
  return { ...dataset, columns: [...listed, ...others.map(asColumn)] };
}

export const NOT_IN_CONTRACT = 'A field of the source that is not in the contract';

function asColumn({ name, type }: RawColumn): Column {
  return { name, type, from: [name], trim: false, lower: false, pii: 'keep', description: NOT_IN_CONTRACT };
}

/**
 * What must happen to the columns of raw so that a contract, and batches of a database, fit in. Batches speak in the order of their positions.
 * A type that the standing column takes changes nothing, a wider one widens it; another one gets a column beside it, unless a newer batch has
 * spoken already. A key's column stays what it is. Throws load/contract-frozen.
 */
export function planColumns(
  dataset: Dataset,
  standing: Standing,
  files: readonly FileColumns[],
): readonly ColumnStep[] {
  const plan = new ColumnPlan(dataset, standing);
  const sourced = dataset.kind === 'postgres';
  for (const { name, type } of dataset.columns) if (!sourced || type.name !== 'other') plan.listed(name, type);
  if (!sourced) return plan.steps;
  for (const { position, columns } of files.toSorted((a, b) => (a.position < b.position ? -1 : 1))) {
    for (const { name, type } of columns) if (isBusiness(name)) plan.said(position, name, type);
  }
  for (const name of [...dataset.columns.map((column) => column.name), ...dataset.key]) plan.placeFor(name);
  return plan.steps;
}

class ColumnPlan {
  readonly steps: ColumnStep[] = [];
  readonly #dataset: Dataset;
  readonly #standing: Standing;
  #columns: readonly RawColumn[];
  readonly #heard = new Set<string>();

  constructor(dataset: Dataset, standing: Standing) {
    this.#dataset = dataset;
    this.#standing = standing;
    this.#columns = standing.columns;
  }

  /** A column whose type the catalog gives. */
  listed(name: string, type: LogicalType): void {
    if (homeOf(this.#columns, name, type) !== undefined) return;
    const narrow = this.#columns.findLast((column) => column.name === name && widens(column.type, type));
    const current = currentOf(this.#columns, name);
    if (narrow !== undefined) this.#alter(narrow, type, true);
    else if (current !== undefined && this.#standing.empty) this.#alter(current, type, false);
    else this.#add(name, type, 'catalog');
  }

  /** A column as a batch has it. */
  said(position: string, field: string, type: LogicalType): void {
    const { contract, key, columns } = this.#dataset;
    const name = homeName(this.#dataset, field);
    const listed = columns.find((column) => column.name === name);
    if (listed !== undefined && listed.type.name !== 'other') return;
    const isKey = key.includes(name);
    if (listed === undefined && !isKey && contract.columns !== 'evolve') {
      if (contract.columns === 'freeze') this.#frozen(`unknown column ${name}, and its contract says columns: freeze`);
      return;
    }
    const own = currentOf(this.#columns, name);
    // A column that the catalog no longer lists goes on as one of the source's.
    const current = listed === undefined && own !== undefined ? this.#adopt(own) : own;
    const first = this.#standing.empty && !this.#heard.has(name);
    this.#heard.add(name);
    if (current === undefined) return this.#add(name, type, listed === undefined ? 'evolved' : 'catalog');
    if (first && !sameType(current.type, type)) return this.#alter(current, type, false);
    if (takes(current.type, type)) return;
    if (widens(current.type, type)) return this.#alter(current, type, true);
    if (isKey || (this.#standing.newest !== undefined && position <= this.#standing.newest)) return;
    this.#beside(current, type);
  }

  /** A column of which nobody has said the type yet; it takes the first one that comes. */
  placeFor(name: string): void {
    if (this.#columns.some((column) => column.name === name)) return;
    const listed = this.#dataset.columns.some((column) => column.name === name);
    this.#add(name, { name: 'other' }, listed ? 'catalog' : 'evolved');
  }

  /** The source changed a column's type: back to one it had, or to a new one. */
  #beside(current: RawColumn, type: LogicalType): void {
    const { name, origin } = current;
    if (this.#dataset.contract.types === 'freeze')
      this.#frozen(
        `column ${name} went from ${formatLogicalType(current.type)} to ${formatLogicalType(type)}, and its contract says types: freeze`,
      );
    const own = this.#columns.filter((column) => column.name === name);
    const home = own.findLast((column) => takes(column.type, type));
    const narrow = own.findLast((column) => widens(column.type, type));
    if (home !== undefined) return this.#serve(home);
    if (narrow === undefined) return this.#add(name, type, origin);
    this.#alter(narrow, type, true);
    this.#serve({ ...narrow, type });
  }

  #adopt(column: RawColumn): RawColumn {
    if (column.origin === 'evolved' && !column.retired) return column;
    const adopted: RawColumn = { ...column, origin: 'evolved', retired: false };
    this.#columns = this.#columns.map((other) => (other.physical === column.physical ? adopted : other));
    this.#serve(adopted, true);
    return adopted;
  }

  #add(name: string, type: LogicalType, origin: RawColumn['origin']): void {
    const column = newColumn(name, type, origin, this.#columns);
    this.#columns = [...this.#columns, column];
    this.steps.push({ kind: 'add', column });
    this.#serve(column);
  }

  #alter(column: RawColumn, type: LogicalType, keeps: boolean): void {
    const altered = { ...column, type };
    this.#columns = this.#columns.map((other) => (other.physical === column.physical ? altered : other));
    this.steps.push({ kind: 'alter', column: altered, keeps });
  }

  #serve(column: RawColumn, always = false): void {
    const others = this.#columns.some(({ name, physical }) => name === column.name && physical !== column.physical);
    if (always || others) this.steps.push({ kind: 'serve', column });
    this.#columns = this.#columns.map((other) =>
      other.name === column.name ? { ...other, retired: other.physical !== column.physical } : other,
    );
  }

  #frozen(what: string): never {
    throw new RollcallError('load/contract-frozen', `${this.#dataset.name}: ${what}`);
  }
}

/** A column that is to be added to those that stand. */
export function newColumn(
  name: string,
  type: LogicalType,
  origin: RawColumn['origin'],
  standing: readonly RawColumn[],
): RawColumn {
  const place = Math.max(0, ...standing.map((column) => column.place)) + 1;
  return { name, physical: freeName(name, standing), type, origin, retired: false, place };
}

/** `amount`, then `amount__2`, `amount__3`, … */
function freeName(name: string, standing: readonly RawColumn[]): string {
  for (let place = 1; ; place++) {
    const candidate = place === 1 ? name : suffixed(name, `__${place}`);
    if (!standing.some((column) => column.physical === candidate)) return candidate;
  }
}

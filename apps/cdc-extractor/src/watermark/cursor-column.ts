import type { Dataset, WatermarkCapture } from '@rollcall/catalog';
import { quoteSourceLiteral, type SourceType } from '@rollcall/source-postgres';
import type { CapturePlan, PlannedColumn } from '../plan/capture-plan.js';
import { RollcallError } from '@rollcall/kernel';

/** Source clock less this: a transaction takes its time a moment before pg_locks shows it. */
const MARGIN_SECONDS = 2;

/** The column whose values only grow, and how they are told apart in SQL. */
export interface CursorColumn {
  /** Quoted. */
  readonly sql: string;
  readonly place: number;
  /** Of the column and what its values are: state of another one is of no use. */
  readonly id: string;
  /** What a literal of it is cast to. */
  readonly cast: string;
  readonly kind: 'instant' | 'local' | 'date' | 'value';
}

/** Types whose text Postgres reads back as the same value. */
const UNREADABLE = new Set(['json', 'array']);

/** Code source/unfit when values of the column have no order or no text of their own. */
export function cursorColumn({ columns, cursor: place = -1 }: CapturePlan, dataset: Dataset): CursorColumn {
  const column = columns[place];
  if (!column) throw new Error(`${dataset.name} has no cursor column`);
  const { type } = column.sourceColumn;
  const kind = kindOf(type);
  if (kind === 'value' && UNREADABLE.has(column.clearCodec.logical.name))
    throw new RollcallError(
      'source/unfit',
      `the cursor ${column.name} of ${dataset.name} is a ${type.text}: choose a column of a time, a number or a text`,
    );
  const cast = castOf(type, kind);
  return { sql: column.sql, place, kind, cast, id: `${column.sql} ${cast}` };
}

/** `'…'::timestamptz`. A literal is never rounded to the column's own precision. */
export function cursorLiteral({ cast }: Pick<CursorColumn, 'cast'>, value: string): string {
  return `${quoteSourceLiteral(value)}::${cast}`;
}

/**
 * SQL that gives t as text: up to where rows can still appear only from transactions that are open now. Undefined for a cursor that is no time:
 * there it is the greatest visible value.
 */
export function clockSql({ kind }: CursorColumn, zone: string, lagSeconds?: number): string | undefined {
  const then = `(pg_catalog.clock_timestamp() - interval '${lagSeconds ?? MARGIN_SECONDS} seconds')`;
  const local = localSql(then, zone);
  switch (kind) {
    case 'instant':
      return `${then}::text`;
    case 'local':
      return `(${local})::text`;
    case 'date':
      // Rows of a day can come until it ends.
      return `((${local})::date - 1)::text`;
    case 'value':
      return undefined;
  }
}

/** The clock on the wall, but never later than it will show again: it goes back an hour, or what the zone has, within the next hours. */
function localSql(then: string, zone: string): string {
  const at = `AT TIME ZONE ${quoteSourceLiteral(zone)}`;
  const coming = `SELECT q FROM pg_catalog.generate_series(pg_catalog.date_trunc('hour', ${then}), ${then} + interval '4 hours', interval '15 minutes') q WHERE q > ${then}`;
  return `SELECT least(${then} ${at}, min(q ${at})) FROM (${coming}) ahead (q)`;
}

/** Texts of a row's key go on from inside equal values; undefined where the key cannot: some of it is hidden, NULL, or has no readable text. */
export function keysetColumns({
  columns,
  key,
}: CapturePlan): readonly (PlannedColumn & { readonly place: number })[] | undefined {
  const keyed = key.map((place) => ({ ...columns[place], place }));
  const usable = keyed.filter(
    (column): column is PlannedColumn & { place: number } =>
      column.sourceColumn?.notNull === true && !column.hidden && !UNREADABLE.has(column.clearCodec?.logical.name ?? ''),
  );
  return usable.length === keyed.length && keyed.length > 0 ? usable : undefined;
}

function kindOf({ shape }: SourceType): CursorColumn['kind'] {
  if (shape.kind !== 'builtin') return 'value';
  if (shape.name === 'timestamptz') return 'instant';
  if (shape.name === 'timestamp') return 'local';
  return shape.name === 'date' ? 'date' : 'value';
}

function castOf(type: SourceType, kind: CursorColumn['kind']): string {
  switch (kind) {
    case 'instant':
      return 'timestamptz';
    case 'local':
      return 'timestamp';
    case 'date':
      return 'date';
    case 'value':
      return type.text;
  }
}

/** Options of the capture; a dataset that is not captured by watermark is a bug. */
export function watermarkOf({ capture, name }: Dataset): WatermarkCapture {
  if (capture.mode !== 'watermark') throw new Error(`${name} is not captured by watermark`);
  return capture;
}

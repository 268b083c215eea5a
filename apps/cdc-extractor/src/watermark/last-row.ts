import { valueToText, vectorValues, type LogicalType } from '@rollcall/catalog';
import { columnCodec, type CopyColumn, type CopyGroup } from '@rollcall/source-postgres';
import type { CapturePlan, PlannedColumn } from '../plan/capture-plan.js';
import type { CursorColumn } from './cursor-column.js';

/** Where a group of rows in the order of the cursor ends. */
export interface GroupEnd {
  readonly value: string;
  readonly key: readonly string[] | undefined;
  /** Rows beyond the limit: the last ones. */
  readonly beyond: number;
  readonly rowCount: number;
}

/** A column of the select list that says whether a row is beyond the limit. */
export function beyondColumn(expression: string): CopyColumn {
  return { sql: '"beyond the limit"', codec: { ...BOOL, select: () => expression } };
}

const BOOL = columnCodec({
  oid: 16,
  modifier: -1,
  text: 'boolean',
  shape: { kind: 'builtin', name: 'bool', modifier: -1 },
});

/** Reads the end of a group whose vectors are those of the plan, and behind them `beyondColumn`. */
export function groupEnd(
  { columns }: CapturePlan,
  column: CursorColumn,
  key: readonly (PlannedColumn & { readonly place: number })[] | undefined,
  { vectors, rowCount }: CopyGroup,
): GroupEnd {
  const last = (place: number, type: LogicalType): string => {
    const vector = vectors[place];
    const values = vector ? vectorValues(type, vector) : [];
    const text = valueToText(type, values.at(-1) ?? null);
    if (text === null) throw new Error('a row in the order of its cursor has none');
    return text;
  };
  const flags = vectors[columns.length]?.body ?? new Uint8Array();
  const firstBeyond = flags.indexOf(1);
  return {
    value: last(column.place, columns[column.place]?.type ?? { name: 'text' }),
    key: key?.map(({ place, type }) => last(place, type)),
    beyond: firstBeyond < 0 ? 0 : rowCount - firstBeyond,
    rowCount,
  };
}

import { RollcallError } from '@rollcall/kernel';
import { quoteSourceLiteral } from '@rollcall/source-postgres';
import type { CapturePlan, PlannedColumn } from '../plan/capture-plan.js';

/** Keys from (with) to (without), as texts. */
export interface KeySpan {
  readonly from?: readonly string[] | undefined;
  readonly before?: readonly string[] | undefined;
}

/** Types that every Postgres orders alike: those ranges are found by the index. Others are ordered by the bytes of their text. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'other', 'interval', 'json', 'array']);

/** Columns of the key. Code source/unfit when a policy hides one: its texts are not what stands in the source. */
export function keyColumns(plan: CapturePlan, name: string): readonly PlannedColumn[] {
  const columns = plan.key.flatMap((at) => plan.columns[at] ?? []);
  if (columns.length === 0 || columns.some(({ hidden }) => hidden))
    throw new RollcallError('source/unfit', `${name} has no key to read a part of it by: read it whole`);
  return columns;
}

/** The condition for rows of any of the spans. Pure. */
export function inSpans(columns: readonly PlannedColumn[], spans: readonly KeySpan[]): string {
  const parts = spans.map(({ from, before }) => {
    const ends = [
      ...(from ? [compared(columns, '>=', from)] : []),
      ...(before ? [compared(columns, '<', before)] : []),
    ];
    return ends.length === 0 ? 'true' : `(${ends.join(' AND ')})`;
  });
  return parts.length === 0 ? 'false' : parts.join(' OR ');
}

/** The condition for rows of these keys. Pure. */
export function withKeys(columns: readonly PlannedColumn[], keys: readonly (readonly string[])[]): string {
  const own = columns.map(orderOf).join(', ');
  return keys.length === 0 ? 'false' : `(${own}) IN (${keys.map((key) => `(${constants(columns, key)})`).join(', ')})`;
}

function compared(columns: readonly PlannedColumn[], operator: '>=' | '<', key: readonly string[]): string {
  return `(${columns.map(orderOf).join(', ')}) ${operator} (${constants(columns, key)})`;
}

function isText({ clearCodec, sourceColumn }: PlannedColumn): boolean {
  return TEXTS.has(clearCodec.logical.name) || sourceColumn.type.shape.kind !== 'builtin';
}

function orderOf(column: PlannedColumn): string {
  return isText(column) ? `convert_to(concat(${column.sql}), 'UTF8')` : column.sql;
}

function constants(columns: readonly PlannedColumn[], key: readonly string[]): string {
  if (key.length !== columns.length)
    throw new RollcallError(
      'source/unfit',
      `a key of ${key.length} values was asked for, the dataset's has ${columns.length}`,
    );
  const literals = columns.map((column, at) =>
    isText(column)
      ? `'\\x${Buffer.from(key[at] ?? '').toString('hex')}'::bytea`
      : `${quoteSourceLiteral(key[at] ?? '')}::${column.sourceColumn.type.text}`,
  );
  return literals.join(', ');
}

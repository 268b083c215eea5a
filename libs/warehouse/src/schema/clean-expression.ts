import type { Column, LogicalType } from '@rollcall/catalog';

/** What JavaScript's trim takes for blank. Postgres' btrim alone takes the space. */
const BLANKS = String.raw`E' \t\n\r\f\x0b\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff'`;

/** What stands as text in raw. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'other']);

/**
 * A column's cleaning as SQL: trim, then lower. A column with a PII policy was cleaned before the policy, in front of the lake.
 * @param type what it is in raw: the contract may leave that to the source
 */
export function cleanExpression(column: Column | undefined, type: LogicalType, expression: string): string {
  if (column === undefined || !TEXTS.has(type.name) || column.pii !== 'keep') return expression;
  const trimmed = column.trim ? `btrim(${expression}, ${BLANKS})` : expression;
  return column.lower ? `lower(${trimmed})` : trimmed;
}

import { isWidening, type LogicalType } from '@rollcall/catalog';

/** Whether a column of type `column` takes every value of type `type` unchanged. */
export function takes(column: LogicalType, type: LogicalType): boolean {
  return sameType(column, type) || widens(type, column);
}

/** Whether a column of type `from` can be made one of type `to` in place. What a source has as its text, `other`, is text to a warehouse. */
export function widens(from: LogicalType, to: LogicalType): boolean {
  return isWidening(from, to) || (from.name === 'other' && to.name === 'text');
}

export function sameType(a: LogicalType, b: LogicalType): boolean {
  if (a.name === 'decimal' && b.name === 'decimal') return a.precision === b.precision && a.scale === b.scale;
  return a.name === b.name;
}

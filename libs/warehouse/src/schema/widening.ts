import { isWidening, type LogicalType } from '@rollcall/catalog';

/** Whether a column of type `column` takes every value of type `type` unchanged. */
export function takes(column: LogicalType, type: LogicalType): boolean {
  return sameType(column, type) || isWidening(type, column);
}

export function sameType(a: LogicalType, b: LogicalType): boolean {
  if (a.name === 'decimal' && b.name === 'decimal') return a.precision === b.precision && a.scale === b.scale;
  return a.name === b.name;
}

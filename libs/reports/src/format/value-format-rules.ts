import type { LogicalType } from '@rollcall/catalog';
import type { ValueFormat } from '../shown/format-value.js';
import { isNumeric } from './value-text.js';

/** How a value is shown where the report does not say. */
export function defaultFormat({ name }: LogicalType): ValueFormat {
  switch (name) {
    case 'date':
      return 'day';
    case 'timestamptz':
      return 'instant';
    case 'int2':
    case 'int4':
    case 'int8':
      return 'int';
    case 'decimal':
    case 'numeric':
    case 'float4':
    case 'float8':
      return 'num2';
    case 'bool':
      return 'bool';
    default:
      return 'text';
  }
}

/** The formats that say something of a value of this type. */
export function formatsFor(type: LogicalType): readonly ValueFormat[] {
  if (isNumeric(type)) return ['int', 'num1', 'num2', 'pct1', 'text', 'id'];
  switch (type.name) {
    case 'date':
      return ['day', 'month', 'week', 'text'];
    case 'timestamptz':
      return ['instant', 'day', 'month', 'week', 'text'];
    case 'bool':
      return ['bool', 'text'];
    default:
      return ['text', 'id'];
  }
}

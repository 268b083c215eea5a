import { formatDate } from '../shown/format-date.js';
import type { Field } from './field.js';

/** How people read a key: as `textExpression` says it in the drawn chart. */
export function keyText(field: Field, key: string): string {
  if (field.kind === 'calendar') return formatDate(key, field.step, 'UTC') ?? key;
  return field.kind === 'instant' ? (formatDate(key, 'instant', 'UTC') ?? key) : key;
}

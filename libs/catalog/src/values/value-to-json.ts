import type { LogicalType, Value } from '../logical-type.js';
import { valueToText } from './value-to-text.js';

/**
 * A value as JSON can carry it without loss: int8, decimals, instants and JSON texts as strings, bytes as base64,
 * NaN and the infinities of floats as strings. `parseValue` reads it back as the same value. null stays null.
 */
export function valueToJson(type: LogicalType, value: Value): null | boolean | number | string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (typeof value === 'number' && type.name !== 'date') {
    const text = valueToText(type, value);
    return Number.isFinite(value) ? Number(text) : text;
  }
  return valueToText(type, value);
}

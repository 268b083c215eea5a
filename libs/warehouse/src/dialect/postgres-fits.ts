import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  parseValue,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
  type LogicalType,
  type Value,
} from '@rollcall/catalog';
import { DAY_MICROS, FIRST_DAY, FIRST_MICROS, LAST_DAY, MAX_TEXT } from './postgres-limits.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Whether a column of Postgres takes a value. Pure; decided before COPY. */
export function postgresFits(type: LogicalType): (value: Value) => boolean {
  switch (type.name) {
    case 'bool':
      return (value) => typeof value === 'boolean';
    case 'int2':
      return (value) => isIntegerWithin(value, 0x8000);
    case 'int4':
      return (value) => isIntegerWithin(value, 0x8000_0000);
    case 'int8':
      return (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
    case 'float4':
      return (value) => typeof value === 'number' && (!Number.isFinite(value) || Number.isFinite(Math.fround(value)));
    case 'float8':
      return (value) => typeof value === 'number';
    case 'text':
    case 'other':
      return isText;
    case 'bytes':
      return (value) => value instanceof Uint8Array && value.length <= MAX_TEXT * 2;
    case 'date':
      return (value) =>
        Number.isInteger(value) &&
        typeof value === 'number' &&
        ((value >= FIRST_DAY && value <= LAST_DAY) || value === DATE_INFINITY || value === DATE_MINUS_INFINITY);
    case 'time':
      return (value) => typeof value === 'bigint' && value >= 0n && value <= DAY_MICROS;
    case 'timestamp':
    case 'timestamptz':
      return isInstant;
    case 'uuid':
      return (value) => typeof value === 'string' && UUID.test(value);
    case 'json':
    case 'array':
    case 'decimal':
    case 'numeric':
    case 'interval':
      return (value) => isText(value) && parseValue(type, value).ok;
  }
}

function isIntegerWithin(value: Value, limit: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit;
}

function isText(value: Value): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT && !value.includes('\0') && value.isWellFormed();
}

function isInstant(value: Value): boolean {
  if (typeof value !== 'bigint') return false;
  return (value >= FIRST_MICROS && value <= TIMESTAMP_INFINITY) || value === TIMESTAMP_MINUS_INFINITY;
}

import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  postgresType,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
  type LogicalType,
  type Value,
} from '@rollcall/catalog';
import type { CopyBuffer } from './copy-buffer.js';
import type { Dialect } from './dialect.js';
import { postgresFits } from './postgres-fits.js';
import { quoteIdentifier } from './quote-identifier.js';

/** 2000-01-01, where Postgres begins to count. */
const EPOCH_DAYS = 10_957;
const EPOCH_MICROS = 946_684_800_000_000n;

/** Staged as text: only the server's own parser knows their binary forms. */
const AS_TEXT = new Set(['decimal', 'numeric', 'interval', 'json', 'array', 'other']);

export const postgres: Dialect = {
  name: 'postgres',
  quoteIdentifier,
  columnType: postgresType,
  stagingType: (type) => (AS_TEXT.has(type.name) ? 'text' : postgresType(type)),
  fromStaging: (type, expression) =>
    AS_TEXT.has(type.name) && type.name !== 'other' ? `${expression}::${postgresType(type)}` : expression,
  fits: postgresFits,
  encoder,
};

type Encoder = (buffer: CopyBuffer, value: Value) => void;

function encoder(type: LogicalType): Encoder {
  switch (type.name) {
    case 'bool':
      return (buffer, value) => buffer.bool(value === true);
    case 'int2':
      return (buffer, value) => buffer.int2(Number(value));
    case 'int4':
      return (buffer, value) => buffer.int4(Number(value));
    case 'int8':
      return (buffer, value) => buffer.int8(bigintOf(value));
    case 'float4':
      return (buffer, value) => buffer.float4(Number(value));
    case 'float8':
      return (buffer, value) => buffer.float8(Number(value));
    case 'bytes':
      return (buffer, value) => buffer.bytes(bytesOf(value));
    case 'date':
      return (buffer, value) => buffer.int4(postgresDays(Number(value)));
    case 'time':
      return (buffer, value) => buffer.int8(bigintOf(value));
    case 'timestamp':
    case 'timestamptz':
      return (buffer, value) => buffer.int8(postgresMicros(bigintOf(value)));
    case 'uuid':
      return (buffer, value) => buffer.hex(textOf(value).replaceAll('-', ''));
    case 'text':
    case 'decimal':
    case 'numeric':
    case 'interval':
    case 'json':
    case 'array':
    case 'other':
      return (buffer, value) => buffer.text(textOf(value));
  }
}

function postgresDays(days: number): number {
  return days === DATE_INFINITY || days === DATE_MINUS_INFINITY ? days : days - EPOCH_DAYS;
}

function postgresMicros(micros: bigint): bigint {
  return micros === TIMESTAMP_INFINITY || micros === TIMESTAMP_MINUS_INFINITY ? micros : micros - EPOCH_MICROS;
}

// A value of another shape never gets here: `fits` asked first. Failing loudly beats writing a wrong value.
function bigintOf(value: Value): bigint {
  if (typeof value !== 'bigint') throw new TypeError('copy: a bigint was promised');
  return value;
}

function textOf(value: Value): string {
  if (typeof value !== 'string') throw new TypeError('copy: a text was promised');
  return value;
}

function bytesOf(value: Value): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('copy: bytes were promised');
  return value;
}

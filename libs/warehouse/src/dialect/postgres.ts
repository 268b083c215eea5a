import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  parseValue,
  postgresType,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
  type LogicalType,
  type Value,
} from '@rollcall/catalog';
import type { CopyBuffer } from './copy-buffer.js';
import type { Dialect } from './dialect.js';
import { appendNoNumeric, appendNumericText, isCanonicalNumeric } from './numeric-field.js';
import { postgresFits } from './postgres-fits.js';
import { EPOCH_DAYS, EPOCH_MICROS } from './postgres-limits.js';
import { postgresVectorFits } from './postgres-vector-fits.js';
import { postgresVectorWriter } from './postgres-vector-writer.js';
import { quoteIdentifier } from './quote-identifier.js';

export const postgres: Dialect = {
  name: 'postgres',
  quoteIdentifier,
  columnType: postgresType,
  // An interval is staged as text: only the server's own parser reads all its forms.
  stagingType: (type) => (type.name === 'interval' ? 'text' : postgresType(type)),
  fromStaging: (type, expression) => (type.name === 'interval' ? `${expression}::interval` : expression),
  fits: postgresFits,
  encoder,
  vectorFits: postgresVectorFits,
  vectorWriter: postgresVectorWriter,
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
    case 'decimal':
    case 'numeric':
      return numericEncoder(type);
    case 'json':
    case 'array':
      return (buffer, value) => buffer.json(textOf(value));
    case 'text':
    case 'interval':
    case 'other':
      return (buffer, value) => buffer.text(textOf(value));
  }
}

function numericEncoder(type: LogicalType): Encoder {
  return (buffer, value) => {
    const bytes = Buffer.from(textOf(value), 'utf8');
    if (isCanonicalNumeric(bytes, 0, bytes.length)) return appendNumericText(buffer, bytes, 0, bytes.length);
    const parsed = parseValue(type, value);
    const canonical = Buffer.from(parsed.ok && typeof parsed.value === 'string' ? parsed.value : '');
    if (isCanonicalNumeric(canonical, 0, canonical.length)) appendNumericText(buffer, canonical, 0, canonical.length);
    else appendNoNumeric(buffer);
  };
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

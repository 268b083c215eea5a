import type { LogicalType } from '@rollcall/catalog';
import type { SourceType } from '../tables/source-table.js';
import type { ColumnCodec } from './column-codec.js';
import { decimalCodec } from './decimal-codec.js';
import { dateCodec, timeCodec, timestampCodec, timestamptzCodec } from './instant-codecs.js';
import { jsonOfText } from './json-of-text.js';
import { outputCodec, plainCodec } from './output-codec.js';
import {
  boolCodec,
  bytesCodec,
  float4Codec,
  float8Codec,
  int2Codec,
  int4Codec,
  int8Codec,
  jsonbCodec,
  uuidCodec,
} from './scalar-codecs.js';

/**
 * How values of a type are read: exactly, and by both roads alike. docs/types.md has the table.
 * `declared`: the type that the catalog gives the column (`other` is what it says where the file gives none). `text` and `numeric` take a
 * decimal or an instant as its text: the way out for what the types of the lake cannot hold (NaN in numeric(p,s), the year 294276).
 */
export function columnCodec(type: SourceType, declared?: LogicalType): ColumnCodec {
  const codec = codecOf(type);
  const asText = declared?.name === 'text' || declared?.name === 'numeric';
  return asText && HAS_A_WAY_OUT.has(codec.logical.name) ? outputCodec({ name: declared.name }) : codec;
}

const HAS_A_WAY_OUT: ReadonlySet<LogicalType['name']> = new Set(['decimal', 'timestamp', 'timestamptz']);

function codecOf(type: SourceType): ColumnCodec {
  const { shape } = type;
  switch (shape.kind) {
    case 'builtin':
      return shape.name === 'numeric' ? numericCodec(shape.modifier) : (BUILTIN[shape.name] ?? OTHER);
    case 'enum':
      return TEXT;
    case 'array':
    case 'range':
    case 'multirange':
    case 'composite':
      return outputCodec({ name: 'array' }, jsonOfText(type));
    case 'unknown':
      return OTHER;
  }
}

const TEXT = plainCodec({ name: 'text' });
const OTHER = outputCodec({ name: 'other' });

const BUILTIN: Readonly<Record<string, ColumnCodec | undefined>> = {
  bool: boolCodec,
  int2: int2Codec,
  int4: int4Codec,
  int8: int8Codec,
  float4: float4Codec,
  float8: float8Codec,
  text: TEXT,
  varchar: TEXT,
  // With its padding, which `::text` would cut.
  bpchar: TEXT,
  name: TEXT,
  citext: TEXT,
  bytea: bytesCodec,
  date: dateCodec,
  time: timeCodec,
  timestamp: timestampCodec,
  timestamptz: timestamptzCodec,
  interval: outputCodec({ name: 'interval' }),
  uuid: uuidCodec,
  json: plainCodec({ name: 'json' }),
  jsonb: jsonbCodec,
};

/** numeric(p,s) as a decimal where the lake has one; without p and s, beyond 38 digits, or with a scale outside of them as text. */
function numericCodec(modifier: number): ColumnCodec {
  // Above four bytes of header: 16 bits of precision, 11 bits of scale with a sign.
  const packed = modifier - 4;
  const precision = (packed >> 16) & 0xffff;
  const scale = ((packed & 0x7ff) ^ 0x400) - 0x400;
  const fits = modifier >= 4 && precision <= 38 && scale >= 0 && scale <= precision;
  return fits ? decimalCodec(precision, scale) : outputCodec({ name: 'numeric' });
}

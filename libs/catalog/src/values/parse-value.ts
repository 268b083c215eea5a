import type { LogicalType, Value } from '../logical-type.js';
import { parseDate } from './parse-date.js';
import { parseDecimal, parseNumeric } from './parse-decimal.js';
import { parseInterval } from './parse-interval.js';
import { parseArrayText, parseJsonText, parseJsonValue } from './parse-json.js';
import { narrowFloat, parseFloat4, parseFloat8, parseInt8, parseInteger } from './parse-number.js';
import { parseBool, parseBytes, parseText, parseUuid } from './parse-text.js';
import { parseTime } from './parse-time.js';
import { parseTimestamp } from './parse-timestamp.js';

export type Parsed = { readonly ok: true; readonly value: Value } | { readonly ok: false };

/** undefined: the raw value does not fit the type. Allocates nothing beside the value: for hot loops. */
export type ValueParser = (raw: unknown) => Value | undefined;

/**
 * Reads source text or a JSON scalar as a value of a type: exact, or it does not fit. null and undefined are NULL.
 * Blanks around a text are ignored by every type but text, json, array and other. docs/types.md lists what each type takes.
 */
export function parseValue(type: LogicalType, raw: unknown): Parsed {
  const value = valueParser(type)(raw);
  return value === undefined ? { ok: false } : { ok: true, value };
}

/** The parser of one type, to be made once per column. */
export function valueParser(type: LogicalType): ValueParser {
  switch (type.name) {
    case 'text':
    case 'other':
      return accept({ text: parseText, number: numberText, boolean: String, exactText: true });
    case 'bool':
      return accept({
        text: parseBool,
        number: (n) => (n === 1 ? true : n === 0 ? false : undefined),
        boolean: (b) => b,
      });
    case 'int2':
      return integers(-32_768, 32_767);
    case 'int4':
      return integers(-2_147_483_648, 2_147_483_647);
    case 'int8':
      return accept({ text: parseInt8, number: (n) => (Number.isSafeInteger(n) ? BigInt(n) : undefined) });
    case 'decimal': {
      const { precision, scale } = type;
      return viaText((text) => parseDecimal(text, precision, scale));
    }
    case 'numeric':
      return viaText(parseNumeric);
    case 'float4':
      return accept({ text: parseFloat4, number: narrowFloat });
    case 'float8':
      return accept({ text: parseFloat8, number: (n) => n });
    case 'bytes':
      return accept({ text: parseBytes, other: (raw) => (raw instanceof Uint8Array ? raw : undefined) });
    case 'date':
      return accept({ text: parseDate });
    case 'time':
      return accept({ text: parseTime });
    case 'timestamp':
    case 'timestamptz':
      return viaText(parseTimestamp);
    case 'interval':
      return accept({ text: parseInterval });
    case 'uuid':
      return accept({ text: parseUuid });
    case 'json':
      return accept({
        text: parseJsonText,
        number: numberText,
        boolean: String,
        other: parseJsonValue,
        exactText: true,
      });
    case 'array':
      return accept({
        text: parseArrayText,
        other: (raw) => (Array.isArray(raw) ? parseJsonValue(raw) : undefined),
        exactText: true,
      });
  }
}

/** How a type reads each kind of raw value; a kind left out does not fit. */
interface Readers {
  readonly text: (text: string) => Value | undefined;
  readonly number?: (value: number) => Value | undefined;
  readonly boolean?: (value: boolean) => Value | undefined;
  readonly other?: (raw: object) => Value | undefined;
  /** Blanks around the text belong to it. */
  readonly exactText?: boolean;
}

function accept(readers: Readers): ValueParser {
  const { text, number, boolean, other, exactText = false } = readers;
  return function read(raw) {
    switch (typeof raw) {
      case 'string': {
        const value = text(raw);
        if (value !== undefined || exactText) return value;
        const trimmed = raw.trim();
        return trimmed.length === raw.length ? undefined : text(trimmed);
      }
      case 'number':
        return number?.(raw);
      case 'boolean':
        return boolean?.(raw);
      case 'bigint':
        return text(raw.toString());
      case 'undefined':
        return null;
      case 'object':
        return raw === null ? null : other?.(raw);
      default:
        return undefined;
    }
  };
}

function integers(min: number, max: number): ValueParser {
  return accept({
    text: (text) => parseInteger(text, min, max),
    number: (n) => (Number.isInteger(n) && n >= min && n <= max ? n + 0 : undefined),
  });
}

/** Types that read a JSON number by its digits. */
function viaText(text: (text: string) => Value | undefined): ValueParser {
  return accept({
    text,
    number: (n) => {
      const digits = numberText(n);
      return digits === undefined ? undefined : text(digits);
    },
  });
}

/** The digits of a JSON number; none where a double cannot hold what was sent. */
function numberText(n: number): string | undefined {
  if (!Number.isFinite(n) || (Number.isInteger(n) && !Number.isSafeInteger(n))) return undefined;
  return String(n + 0);
}

import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
  type LogicalType,
  type Value,
} from '../logical-type.js';
import { civilFromDays } from './civil.js';

const DAY_MICROS = 86_400_000_000n;

/**
 * The canonical text of a value: `parseValue` and Postgres read it back as the same value. null stays null.
 * Throws TypeError when the value is not of the type: that is a bug, not data.
 */
export function valueToText(type: LogicalType, value: Value): string | null {
  if (value === null) return null;
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (type.name === 'date') return dateText(value);
      return type.name === 'float4' ? float4Text(value) : floatText(value);
    case 'bigint':
      if (type.name === 'timestamptz') return timestampText(value, 'Z');
      if (type.name === 'timestamp') return timestampText(value, '');
      return type.name === 'time' ? timeText(value) : value.toString();
    case 'object':
      return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
    default:
      throw new TypeError(`value of ${type.name}: a ${typeof value} is none`);
  }
}

/** `YYYY-MM-DD`, ` BC` behind years before 1, `infinity`. */
function dateText(days: number): string {
  if (days === DATE_INFINITY) return 'infinity';
  if (days === DATE_MINUS_INFINITY) return '-infinity';
  const { text, era } = dayText(days);
  return text + era;
}

function dayText(days: number): { readonly text: string; readonly era: '' | ' BC' } {
  const { year, month, day } = civilFromDays(days);
  const shown = year > 0 ? year : 1 - year;
  const text = `${String(shown).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return { text, era: year > 0 ? '' : ' BC' };
}

/** `YYYY-MM-DDTHH:MM:SS[.ffffff][Z][ BC]`: six decimals or none. */
function timestampText(micros: bigint, zone: '' | 'Z'): string {
  if (micros === TIMESTAMP_INFINITY) return 'infinity';
  if (micros === TIMESTAMP_MINUS_INFINITY) return '-infinity';
  let days = micros / DAY_MICROS;
  if (micros % DAY_MICROS < 0n) days -= 1n;
  const { text, era } = dayText(Number(days));
  return `${text}T${timeText(micros - days * DAY_MICROS)}${zone}${era}`;
}

function timeText(micros: bigint): string {
  const total = Number(micros);
  const fraction = total % 1_000_000;
  const seconds = (total - fraction) / 1_000_000;
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = clock.map((part) => String(part).padStart(2, '0')).join(':');
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0')}`;
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The fewest digits that name this 32-bit float. */
function float4Text(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    // toPrecision forgets the sign of -0.
    if (Math.fround(short) === value) return floatText(short === 0 ? value : short);
  }
  return floatText(value);
}

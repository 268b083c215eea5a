import { DATE_INFINITY, DATE_MINUS_INFINITY, daysFromCivil, type VectorBuilder } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { ColumnCodec } from './column-codec.js';
import { checkLength } from './changed-type-error.js';

/** Postgres counts from 2000-01-01, the lake from 1970-01-01. */
const DAYS_BETWEEN = 10_957;
/** The same in microseconds, as the halves of an int64. */
const MICROS_BETWEEN = 946_684_800_000_000n;
const BETWEEN_HIGH = Number(MICROS_BETWEEN >> 32n);
const BETWEEN_LOW = Number(MICROS_BETWEEN & 0xffff_ffffn);

const TWO_32 = 4_294_967_296;
const MAX_HIGH = 0x7fff_ffff;
const MIN_HIGH = -0x8000_0000;
const MAX_LOW = 0xffff_ffff;

export const dateCodec: ColumnCodec = {
  logical: { name: 'date' },
  select: (column) => column,
  binary: (source, from, to, out) => {
    checkLength('date', from, to, 4);
    const days = source.readInt32BE(from);
    out.int32(days === DATE_INFINITY || days === DATE_MINUS_INFINITY ? days : days + DAYS_BETWEEN);
  },
  text: (source, from, to, out) => {
    if (source[from] === LETTER_I) return out.int32(DATE_INFINITY);
    if (source[from] === MINUS) return out.int32(DATE_MINUS_INFINITY);
    out.int32(readDay(source, from, endOfYear(source, from), isBeforeChrist(source, to)));
  },
};

export const timeCodec: ColumnCodec = {
  logical: { name: 'time' },
  select: (column) => column,
  binary: (source, from, to, out) => {
    checkLength('time', from, to, 8);
    out.int64Halves(source.readInt32BE(from), source.readInt32BE(from + 4));
  },
  text: (source, from, to, out) => {
    const micros = readSeconds(source, from) * 1_000_000 + readFraction(source, from + 'HH:MM:SS'.length, to);
    const high = Math.floor(micros / TWO_32);
    out.int64Halves(high, micros - high * TWO_32);
  },
};

export const timestampCodec = instantCodec('timestamp', false);

/** Its text ends with `+00`, because TimeZone is UTC. */
export const timestamptzCodec = instantCodec('timestamptz', true);

function instantCodec(name: 'timestamp' | 'timestamptz', hasZone: boolean): ColumnCodec {
  return {
    logical: { name },
    select: (column) => column,
    binary: instantFromBinary,
    text: (source, from, to, out) => instantFromText(hasZone, source, from, to, out),
  };
}

function instantFromBinary(source: Buffer, from: number, to: number, out: VectorBuilder): void {
  checkLength('timestamp', from, to, 8);
  const high = source.readInt32BE(from);
  const low = source.readUInt32BE(from + 4);
  if (high === MAX_HIGH && low === MAX_LOW) return out.int64Halves(high, low);
  if (high === MIN_HIGH && low === 0) return out.int64Halves(high, low);
  const lowSum = low + BETWEEN_LOW;
  append(out, high + BETWEEN_HIGH + (lowSum >= TWO_32 ? 1 : 0), lowSum >= TWO_32 ? lowSum - TWO_32 : lowSum);
}

function instantFromText(hasZone: boolean, source: Buffer, from: number, to: number, out: VectorBuilder): void {
  if (source[from] === LETTER_I) return out.int64Halves(MAX_HIGH, MAX_LOW);
  if (source[from] === MINUS) return out.int64Halves(MIN_HIGH, 0);
  const yearEnd = endOfYear(source, from);
  const clock = yearEnd + '-MM-DD '.length;
  if (source[clock - 1] !== BLANK) throw otherSettings();
  if (hasZone && !isUtc(source, to)) throw otherSettings();
  const seconds = readDay(source, from, yearEnd, isBeforeChrist(source, to)) * 86_400 + readSeconds(source, clock);
  // seconds * 1,000,000 is beyond what a number holds: in two parts, the seconds above and below 16 bits.
  const above = Math.floor(seconds / 65_536);
  const below = (seconds - above * 65_536) * 1_000_000 + readFraction(source, clock + 'HH:MM:SS'.length, to);
  const carry = Math.floor(below / 65_536);
  const upper = above * 1_000_000 + carry;
  const high = Math.floor(upper / 65_536);
  append(out, high, (upper - high * 65_536) * 65_536 + below - carry * 65_536);
}

/** int64 ends in the year 294247, thirty years before Postgres does, and its greatest value means `infinity`. */
function append(out: VectorBuilder, high: number, low: number): void {
  if (high > MAX_HIGH || (high === MAX_HIGH && low === MAX_LOW)) {
    const message = 'a timestamp after 294247-01-10 04:00:54.775806 does not fit 64 bits of microseconds since 1970';
    throw new RollcallError('source/unfit', `${message}: read the column as \`type: text\`, or mend the row`);
  }
  out.int64Halves(high, low);
}

const LETTER_I = 0x69;
const LETTER_C = 0x43;
const BLANK = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

function isUtc(source: Buffer, to: number): boolean {
  const end = isBeforeChrist(source, to) ? to - ' BC'.length : to;
  return source[end - 3] === PLUS && source[end - 2] === ZERO && source[end - 1] === ZERO;
}

/** A pooler between us and the source may drop what a session asks for. */
function otherSettings(): RollcallError {
  const message = 'the session has another DateStyle or TimeZone than it was opened with';
  return new RollcallError('source/unfit', `${message}: connect to the source itself, past any pooler`);
}

function isBeforeChrist(source: Buffer, to: number): boolean {
  return source[to - 1] === LETTER_C;
}

/** Where the first hyphen stands: years have four digits or more. */
function endOfYear(source: Buffer, from: number): number {
  let at = from + 4;
  while (source[at] !== MINUS && at < source.length) at += 1;
  return at;
}

/** Days since 1970-01-01 of `YYYY-MM-DD`. */
function readDay(source: Buffer, from: number, yearEnd: number, beforeChrist: boolean): number {
  let year = 0;
  for (let at = from; at < yearEnd; at += 1) year = year * 10 + digit(source, at);
  return daysFromCivil(beforeChrist ? 1 - year : year, twoDigits(source, yearEnd + 1), twoDigits(source, yearEnd + 4));
}

/** `HH:MM:SS` as seconds. */
function readSeconds(source: Buffer, at: number): number {
  return twoDigits(source, at) * 3600 + twoDigits(source, at + 3) * 60 + twoDigits(source, at + 6);
}

/** `.f` to `.ffffff`, if it stands there, as microseconds. */
function readFraction(source: Buffer, at: number, to: number): number {
  if (at >= to || source[at] !== POINT) return 0;
  let micros = 0;
  let unit = 100_000;
  for (let read = at + 1; read < to && unit >= 1; read += 1) {
    const value = digit(source, read);
    if (value < 0 || value > 9) break;
    micros += value * unit;
    unit /= 10;
  }
  return micros;
}

function twoDigits(source: Buffer, at: number): number {
  return digit(source, at) * 10 + digit(source, at + 1);
}

function digit(source: Buffer, at: number): number {
  return (source[at] ?? 0) - ZERO;
}

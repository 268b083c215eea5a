import { unscaledOf, type VectorBuilder } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { ColumnCodec } from './column-codec.js';
import { changedType } from './changed-type-error.js';

const TWO_32 = 4_294_967_296;
/** Digits that a number holds exactly, and groups of four digits that are surely fewer. */
const SAFE_DIGITS = 15;
const SAFE_GROUPS = 3;
const NEGATIVE = 0x4000;
const SPECIAL = 0xc000;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const POWERS = Array.from({ length: SAFE_DIGITS + 1 }, (_, power) => 10 ** power);

/** numeric(p,s) with 0 <= s <= p <= 38, exact. What the digits of a number hold takes no bigint. */
export function decimalCodec(precision: number, scale: number): ColumnCodec {
  const name = `numeric(${precision},${scale})`;
  const append = within(precision, name, appenderOf(precision));
  return {
    logical: { name: 'decimal', precision, scale },
    select: (column) => column,
    binary: (source, from, to, out) => {
      const groups = source.readUInt16BE(from);
      const weight = source.readInt16BE(from + 2);
      const sign = source.readUInt16BE(from + 4);
      if (sign >= SPECIAL) throw notFinite(precision, scale);
      if (to - from !== 8 + 2 * groups || source.readUInt16BE(from + 6) > scale) throw changedType(name);
      if (groups > SAFE_GROUPS || 4 * (weight + 1) + scale > SAFE_DIGITS) {
        const unscaled = wideUnscaled(source, from + 8, groups, 4 * (weight - groups + 1) + scale);
        return append(out, undefined, sign === NEGATIVE ? -unscaled : unscaled);
      }
      let unscaled = 0;
      let power = 4 * weight + scale;
      for (let at = from + 8, left = groups; left > 0; left -= 1, at += 2, power -= 4) {
        const group = source.readUInt16BE(at);
        unscaled += power >= 0 ? group * pow10(power) : group / pow10(-power);
      }
      append(out, sign === NEGATIVE ? -unscaled : unscaled, undefined);
    },
    text: (source, from, to, out) => {
      const unscaled = safeUnscaled(source, from, to, scale);
      if (unscaled !== undefined) return append(out, unscaled, undefined);
      const text = source.toString('latin1', from, to);
      if (text === 'NaN') throw notFinite(precision, scale);
      append(out, undefined, wideFromText(text, precision, scale, name));
    },
  };
}

type Append = (out: VectorBuilder, small: number | undefined, wide: bigint | undefined) => void;

/** Refuses what has more digits than the column had. */
function within(precision: number, name: string, append: Append): Append {
  const smallLimit = 10 ** Math.min(precision, SAFE_DIGITS + 1);
  const wideLimit = 10n ** BigInt(precision);
  return (out, small, wide) => {
    if (small !== undefined && (small >= smallLimit || small <= -smallLimit)) throw changedType(name);
    if (wide !== undefined && (wide >= wideLimit || wide <= -wideLimit)) throw changedType(name);
    append(out, small, wide);
  };
}

function wideFromText(text: string, precision: number, scale: number, name: string): bigint {
  try {
    return unscaledOf(text, precision, scale);
  } catch {
    throw changedType(name);
  }
}

/** Into the width that the precision has: see ColumnVector. */
function appenderOf(precision: number): Append {
  if (precision <= 9) return (out, small, wide) => out.int32(small ?? Number(wide));
  if (precision <= 18)
    return (out, small, wide) => {
      if (small === undefined) return out.int64(wide ?? 0n);
      const high = Math.floor(small / TWO_32);
      out.int64Halves(high, small - high * TWO_32);
    };
  const bytes = Buffer.alloc(16);
  return (out, small, wide) => {
    if (small === undefined) {
      const value = wide ?? 0n;
      bytes.writeBigInt64BE(BigInt.asIntN(64, value >> 64n), 0);
      bytes.writeBigUInt64BE(BigInt.asUintN(64, value), 8);
    } else {
      const high = Math.floor(small / TWO_32);
      bytes.fill(small < 0 ? 0xff : 0, 0, 8);
      bytes.writeInt32BE(high, 8);
      bytes.writeUInt32BE(small - high * TWO_32, 12);
    }
    out.fixed16(bytes, 0);
  };
}

/** All groups of four digits as one integer times ten to the `power` of the last one. */
function wideUnscaled(source: Buffer, start: number, groups: number, power: number): bigint {
  let unscaled = 0n;
  for (let at = start, left = groups; left > 0; left -= 1, at += 2)
    unscaled = unscaled * 10_000n + BigInt(source.readUInt16BE(at));
  // What is divided away are zeros: the column has no digits beyond its scale.
  return power >= 0 ? unscaled * 10n ** BigInt(power) : unscaled / 10n ** BigInt(-power);
}

/** Digits with exactly `scale` of them behind the point; undefined when they are too many for a number, or it is none. */
function safeUnscaled(source: Buffer, from: number, to: number, scale: number): number | undefined {
  const negative = source[from] === MINUS;
  const start = negative ? from + 1 : from;
  const point = scale === 0 ? to : to - scale - 1;
  if (to - start > SAFE_DIGITS + 1 || point <= start) return undefined;
  let unscaled = 0;
  for (let at = start; at < to; at += 1) {
    const byte = source[at] ?? 0;
    if (at === point) {
      if (byte !== POINT) return undefined;
    } else if (byte < ZERO || byte > ZERO + 9) return undefined;
    else unscaled = unscaled * 10 + byte - ZERO;
  }
  if (unscaled > Number.MAX_SAFE_INTEGER) return undefined;
  return negative ? -unscaled : unscaled;
}

function pow10(power: number): number {
  return POWERS[power] ?? 0;
}

function notFinite(precision: number, scale: number): RollcallError {
  const message = `NaN in a column of numeric(${precision},${scale}) is no decimal`;
  return new RollcallError('source/unfit', `${message}: read the column as \`type: numeric\`, or mend the row`);
}

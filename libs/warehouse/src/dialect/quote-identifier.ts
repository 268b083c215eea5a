import { sha256Hex } from '@rollcall/kernel';

/** Postgres cuts longer names in silence, and two of them may then be one. */
const MAX_BYTES = 63;

/** The one function that puts a name into SQL. Throws RangeError on what cannot be a name. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new RangeError('identifier: empty, or holds NUL');
  if (Buffer.byteLength(name) > MAX_BYTES)
    throw new RangeError(`identifier: ${name} is longer than ${MAX_BYTES} bytes`);
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."name"`. */
export function qualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A name with something behind it; a name too long for that is cut, and told apart by a hash. */
export function suffixed(name: string, suffix: string): string {
  const whole = name + suffix;
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  const hash = sha256Hex(name).slice(0, 8);
  return `${name.slice(0, MAX_BYTES - suffix.length - hash.length - 1)}_${hash}${suffix}`;
}

/** A text literal for DDL, where parameters are not allowed. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

import { Buffer, isUtf8 } from 'node:buffer';
import { dead, ok, type Outcome } from '@rollcall/kernel';
import { parseJson } from '../framing/parse-json.js';

/** The events of a message: one JSON object, or an array of them. What its items are is for the row reader to judge. */
export function readMessage(data: Uint8Array): Outcome<readonly unknown[]> {
  if (!isUtf8(data)) return dead('invalid-utf8');
  const value = parseJson(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  if (value === undefined) return dead('not-json');
  return ok(Array.isArray(value) ? value : [value]);
}

import { parseLogicalType, type LogicalType, type Value } from '../src/logical-type.js';
import { parseValue } from '../src/values/parse-value.js';

export const NO = 'does not fit';

/** The value that a raw one is, or that it does not fit. */
export function read(type: string, raw: unknown): Value | typeof NO {
  const parsed = parseValue(typeOf(type), raw);
  return parsed.ok ? parsed.value : NO;
}

/** A type and raw values with what they become. */
export type TypeCases = readonly [string, readonly (readonly [unknown, Value | typeof NO])[]];

function typeOf(text: string): LogicalType {
  const type = parseLogicalType(text);
  if (!type) throw new RangeError(`no type ${text}`);
  return type;
}

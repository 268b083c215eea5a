import type { Value } from '@rollcall/catalog';

const MAX_ENTRIES = 8192;
const MAX_LENGTH = 256;
const SAMPLE = 512;

export interface TextDictionary {
  /** Distinct texts in order of first sight. */
  readonly entries: readonly string[];
  /** One per row that has a value, in order. */
  readonly indexes: Uint16Array;
  readonly count: number;
}

/** The texts of rows [start, end) as a dictionary; undefined where one would not pay, or where there is anything but texts and NULL. */
export function textDictionary(values: readonly Value[], start: number, end: number): TextDictionary | undefined {
  const known = new Map<string, number>();
  const indexes = new Uint16Array(end - start);
  let count = 0;
  for (let row = start; row < end; row += 1) {
    const value = values[row];
    if (value === null) continue;
    if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
    let index = known.get(value);
    if (index === undefined) {
      index = known.size;
      known.set(value, index);
      // Mostly distinct so far, or too many: texts are better written as they are.
      if (index >= MAX_ENTRIES || (index >= SAMPLE && index * 2 > count)) return undefined;
    }
    indexes[count] = index;
    count += 1;
  }
  return count > 0 && known.size * 2 <= count ? { entries: [...known.keys()], indexes, count } : undefined;
}

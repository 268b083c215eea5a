/** Deeper nesting would exhaust the stack of a reader: Postgres stops between 2,000 and 7,000. */
export const MAX_DEPTH = 500;

/** A number that jsonb could not hold needs an exponent of this many digits. */
const HUGE_EXPONENT = /[eE][+-]?\d{4,}/;

/**
 * JSON text, unchanged, that Postgres' jsonb takes: no NUL or unpaired surrogate in strings or keys, no number beyond 10^±999, at most 500 deep.
 */
export function parseJsonText(text: string): string | undefined {
  const value = readJson(text);
  return value !== undefined && isStorable(value.value, 0) && !hasHugeNumber(text) ? text : undefined;
}

/** The same for a JSON array. */
export function parseArrayText(text: string): string | undefined {
  return text.trimStart().startsWith('[') ? parseJsonText(text) : undefined;
}

/** The text of a value that JSON.parse made, under the same conditions. */
export function parseJsonValue(value: unknown): string | undefined {
  if (!isStorable(value, 0)) return undefined;
  // A number that a double could not hold was lost when the record was read; JSON.stringify would write null.
  let lost = false;
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) lost = true;
    return part;
  });
  return lost ? undefined : text;
}

function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value === 'number') return true;
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'boolean';
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isStorable(item, depth + 1));
  return Object.entries(value).every(([key, item]) => isStorable(key, depth) && isStorable(item, depth + 1));
}

/** Between the strings of valid JSON. No regular expression over them: one of some megabytes would exhaust its stack. */
function hasHugeNumber(text: string): boolean {
  if (!HUGE_EXPONENT.test(text)) return false;
  for (let from = 0; ;) {
    const string = text.indexOf('"', from);
    if (HUGE_EXPONENT.test(text.slice(from, string < 0 ? undefined : string))) return true;
    if (string < 0) return false;
    from = endOfString(text, string);
  }
}

function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (text[quote - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return quote + 1;
  }
}

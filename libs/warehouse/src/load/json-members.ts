/** One member of a JSON object, as its text stands there: numbers keep every digit. */
export interface JsonMember {
  readonly name: string;
  readonly rawName: string;
  readonly rawValue: string;
}

const OPEN = new Set(['{', '[']);
const CLOSE = new Set(['}', ']']);

/** The members of a JSON object's text, in order. undefined: the text is no JSON object. */
export function jsonMembers(text: string): readonly JsonMember[] | undefined {
  if (!isJsonObject(text)) return undefined;
  const members: JsonMember[] = [];
  let at = text.indexOf('{') + 1;
  for (;;) {
    at = skipBlanks(text, at);
    if (text[at] === '}') return members;
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    const nameEnd = endOfString(text, at);
    const rawName = text.slice(at, nameEnd);
    const valueStart = skipBlanks(text, text.indexOf(':', nameEnd) + 1);
    at = endOfValue(text, valueStart);
    members.push({ name: String(JSON.parse(rawName)), rawName, rawValue: text.slice(valueStart, at).trimEnd() });
  }
}

/** The text of an object of such members; null where there are none. */
export function jsonObject(members: readonly Pick<JsonMember, 'rawName' | 'rawValue'>[]): string | null {
  return members.length === 0
    ? null
    : `{${members.map(({ rawName, rawValue }) => `${rawName}:${rawValue}`).join(',')}}`;
}

/** A member's value as a column's text: strings without their quotes, all else as it stands. null: JSON's null. */
export function memberText({ rawValue }: Pick<JsonMember, 'rawValue'>): string | null {
  if (rawValue === 'null') return null;
  return rawValue.startsWith('"') ? String(JSON.parse(rawValue)) : rawValue;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

// The text is known to be valid from here on.

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at++;
  return at;
}

/** Behind the closing quote of the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** At the comma or brace that ends the value. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; ;) {
    const char = text[at] ?? '}';
    if (char === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (depth === 0 && (char === ',' || char === '}')) return at;
    if (OPEN.has(char)) depth++;
    if (CLOSE.has(char)) depth--;
    at++;
  }
}

import type { FilterInfo } from './api.js';
import type { FilterChoice, FilterValue } from './filter-value.js';

/**
 * Filters in addresses, for the page and the API alike. Every value is one occurrence of the parameter: `event=a&event=b`.
 * A span is `a..b`, `a..`, `..b`, one value, or `last-30` (days). `~` is no value (NULL), `~all` no filter, and a text that begins
 * with `~` has another `~` in front.
 */
const NULL_TEXT = '~';
const ALL_TEXT = '~all';
const LAST_DAYS = /^last-([1-9]\d{0,4})$/;

/** What the codec must know of a filter. */
export type CodedFilter = Pick<FilterInfo, 'name' | 'op' | 'default'>;

/** The occurrences of a filter's parameter. */
export function writeChoice(choice: FilterChoice): readonly string[] {
  if (choice === 'all') return [ALL_TEXT];
  switch (choice.op) {
    case 'eq':
      return [writeText(choice.value)];
    case 'in':
      return choice.values.length === 0 ? [ALL_TEXT] : choice.values.map(writeText);
    case 'between':
      if ('lastDays' in choice) return [`last-${choice.lastDays}`];
      if (choice.from === undefined && choice.to === undefined) return [ALL_TEXT];
      return [`${choice.from ?? ''}..${choice.to ?? ''}`];
    case 'contains':
      return choice.text === '' ? [ALL_TEXT] : [writeText(choice.text)];
    case 'where':
      return [choice.value];
  }
}

/** Reads them back; undefined: no occurrences, or none that mean something for this kind of filter. */
export function readChoice(op: FilterInfo['op'], texts: readonly string[]): FilterChoice | undefined {
  const [text] = texts;
  if (text === undefined) return undefined;
  if (texts.includes(ALL_TEXT)) return texts.length === 1 ? 'all' : undefined;
  if (op === 'in') {
    const values = texts.map(readText);
    return values.includes(undefined)
      ? undefined
      : { op, values: [...new Set(values.filter((value) => value !== undefined))] };
  }
  return texts.length === 1 ? readSingle(op, text) : undefined;
}

function readSingle(op: Exclude<FilterInfo['op'], 'in'>, text: string): FilterChoice | undefined {
  switch (op) {
    case 'eq': {
      const value = readText(text);
      return value === undefined ? undefined : { op, value };
    }
    case 'between':
      return readSpan(text);
    case 'contains': {
      const words = readText(text);
      if (words === undefined || words === null) return undefined;
      return words === '' ? 'all' : { op, text: words };
    }
    case 'where':
      return text === '' ? undefined : { op, value: text };
  }
}

function readSpan(text: string): FilterChoice | undefined {
  if (text === '' || text === '..') return 'all';
  const days = LAST_DAYS.exec(text)?.[1];
  if (days !== undefined) return { op: 'between', lastDays: Number(days) };
  const parts = text.split('..');
  const [from = '', to = from] = parts;
  if (parts.length > 2) return undefined;
  return { op: 'between', ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) };
}

function writeText(value: string | null): string {
  if (value === null) return NULL_TEXT;
  return value.startsWith('~') ? `~${value}` : value;
}

function readText(text: string): string | null | undefined {
  if (!text.startsWith('~')) return text;
  if (text === NULL_TEXT) return null;
  return text.startsWith('~~') ? text.slice(1) : undefined;
}

/** The parameters of what differs from the defaults, in the order of the filters: what a page's address shows. */
export function encodeFilters(
  filters: readonly CodedFilter[],
  choices: ReadonlyMap<string, FilterChoice>,
): URLSearchParams {
  const params = new URLSearchParams();
  for (const filter of filters) {
    const choice = choices.get(filter.name);
    const texts = choice === undefined ? filter.default : writeChoice(choice);
    if (!sameTexts(texts, filter.default.length === 0 ? [ALL_TEXT] : filter.default)) {
      for (const text of texts) params.append(filter.name, text);
    }
  }
  return params;
}

/** What is chosen, defaults filled in: every filter has an entry. What an address garbles counts as the default. */
export function decodeFilters(
  filters: readonly CodedFilter[],
  params: URLSearchParams,
): ReadonlyMap<string, FilterChoice> {
  return new Map(
    filters.map(({ name, op, default: standing }) => [
      name,
      readChoice(op, params.getAll(name)) ?? readChoice(op, standing) ?? 'all',
    ]),
  );
}

/** Whether a filter lets some rows out: for counts such as "2 filters". */
export function isSet(choice: FilterChoice): choice is FilterValue {
  return !sameTexts(writeChoice(choice), [ALL_TEXT]);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  const sorted = [...b].sort();
  return a.length === b.length && [...a].sort().every((text, at) => text === sorted[at]);
}

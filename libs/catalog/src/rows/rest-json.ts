import { MAX_DEPTH } from '../values/parse-json.js';

/**
 * Collects `_rest`: what a row carries that its columns do not take. JSON that Postgres' jsonb always accepts: NUL and unpaired surrogates,
 * which it refuses, stand as their escape in plain characters (`\u0000`).
 */
export class RestJson {
  #members = '';

  /** Adds a field; null and undefined are not worth keeping. Throws TooDeep. */
  add(name: string, value: unknown): void {
    if (value === null || value === undefined) return;
    this.#members += `${this.#members === '' ? '' : ','}${stringJson(name)}:${valueJson(value, 0)}`;
  }

  /** null when nothing was added. */
  toText(): string | null {
    return this.#members === '' ? null : `{${this.#members}}`;
  }
}

/** The nesting is deeper than a warehouse reads. */
export class TooDeep extends Error {
  override readonly name = 'TooDeep';
}

function valueJson(value: unknown, depth: number): string {
  if (typeof value === 'string') return stringJson(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth >= MAX_DEPTH) throw new TooDeep('more than 500 levels');
  if (Array.isArray(value)) return `[${value.map((item) => valueJson(item, depth + 1)).join(',')}]`;
  const members = Object.entries(value).map(([name, item]) => `${stringJson(name)}:${valueJson(item, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function stringJson(text: string): string {
  return JSON.stringify(text.isWellFormed() && !text.includes('\0') ? text : visible(text));
}

function visible(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

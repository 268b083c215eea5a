import type { SealedEntry } from './unseal-entry.js';

/** A record as an application would send it, or why it cannot be made into one. */
export type RecordOf =
  | { readonly ok: true; readonly record: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: string };

const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * Makes an object of a rejected record: JSON as it is, a CSV line by the header it was read under. Empty fields are left out, as the
 * door for files does it.
 */
export function recordOf(entry: Pick<SealedEntry, 'format' | 'header'>, text: string): RecordOf {
  return entry.format === 'csv' ? csvRecord(text, entry.header) : jsonRecord(text);
}

/** A JSON object, from a rejected record or a `--with` file. */
export function jsonRecord(text: string): RecordOf {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: 'it is not JSON: mend it and use --with <file>' };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ok: true, record: { ...value } };
  return { ok: false, why: 'it is JSON, but not an object: mend it and use --with <file>' };
}

function csvRecord(text: string, header: string | undefined): RecordOf {
  const names = headerNames(header);
  if (!names) return { ok: false, why: 'the header of its file was not kept: use --with <file>' };
  const line = text.replace(/\r?\n$/, '');
  const fields = DELIMITERS.map((delimiter) => splitLine(line, delimiter)).find(
    (split) => split?.length === names.length,
  );
  if (!fields)
    return {
      ok: false,
      why: `it does not have the ${names.length} fields of its header: mend it and use --with <file>`,
    };
  const present = names.map((name, i) => [name, fields[i] ?? ''] as const).filter(([, value]) => value !== '');
  return { ok: true, record: Object.fromEntries(present) };
}

function headerNames(header: string | undefined): readonly string[] | undefined {
  const parsed = header === undefined ? undefined : jsonArray(header);
  return parsed?.every((name) => typeof name === 'string') ? parsed : undefined;
}

function jsonArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Fields of one CSV record; undefined when a quote is not closed or text stands behind one. */
function splitLine(line: string, delimiter: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = delimiter === '|' ? '\\|' : delimiter;
  const shape = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${field}][^${field}]*|))(${field}|$)`, 'y');
  for (;;) {
    const found = shape.exec(line);
    if (!found) return undefined;
    fields.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    if (found[3] === '') return fields;
  }
}

import { readFileSync } from 'node:fs';
import type { Outcome } from '@rollcall/kernel';
import type { Column, Dataset } from '../src/dataset.js';
import { parseSource } from '../src/format/parse-source.js';
import { piiKey } from '../src/policy/pii-key.js';
import { buildCsvRowReader } from '../src/rows/csv-row.js';
import { buildRowReader } from '../src/rows/record-to-row.js';
import type { ReadRow } from '../src/rows/row-assembler.js';

const text = readFileSync(new URL('../fixtures/rows/sources.yaml', import.meta.url), 'utf8');
const datasets = new Map(parseSource(text, 'sources.yaml').source?.datasets.map((one) => [one.name, one]));

export const key = piiKey('a secret');

/** A dataset of fixtures/rows. */
export function dataset(name: string): Dataset {
  const found = datasets.get(name);
  if (!found) throw new RangeError(`no dataset ${name}`);
  return found;
}

export function column(name: string, field: string): Column {
  const found = dataset(name).columns.find((one) => one.name === field);
  if (!found) throw new RangeError(`no column ${field}`);
  return found;
}

/** A row as an object by column, with `_rest` where there is one; reason and cause where it is dead. */
export function shown(name: string, outcome: Outcome<ReadRow>): unknown {
  if (outcome.kind !== 'ok') return outcome.kind === 'dead' ? [outcome.reason, outcome.cause] : outcome;
  const { values, rest } = outcome.value;
  const row = Object.fromEntries(dataset(name).columns.map(({ name: field }, at) => [field, values[at]]));
  return rest === null ? row : { ...row, _rest: JSON.parse(rest) as unknown };
}

export function fromJson(name: string, record: unknown): unknown {
  return shown(name, buildRowReader(dataset(name), { piiKey: key })(record));
}

/** Header and line with commas and without quotes. */
export function fromCsv(name: string, header: string, line: string): unknown {
  return shown(name, buildCsvRowReader(dataset(name), header.split(','), { piiKey: key })(line.split(',')));
}

export const ANSWERS_HEADER = 'user,anonymous,event_id,question_id,sent_at';

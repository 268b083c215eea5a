import { dead, type Outcome } from '@rollcall/kernel';
import type { Dataset } from '../dataset.js';
import { forJsonRecords } from './column-reader.js';
import { FieldSlots } from './field-slots.js';
import { RestJson, TooDeep } from './rest-json.js';
import { buildColumnReaders, buildRowAssembler, type ReadRow, type RowReaderOptions } from './row-assembler.js';

/**
 * Makes the stage that turns a record of JSON into a row. null counts as absent. Of several fields of one column the first by the catalog's
 * order that is not null is taken. To `_rest` go unknown fields as they are, values that do not fit as column -> original text
 * (through the column's policy), and further fields of a column where they say something else.
 * Dead: `not-an-object`, `missing-key`, `bad-key` (cause: the column), `too-deep`. Throws config/invalid when PII_KEY is needed and not given.
 */
export function buildRowReader(
  dataset: Dataset,
  options: RowReaderOptions = {},
): (record: unknown) => Outcome<ReadRow> {
  const readers = buildColumnReaders(dataset, options).map(forJsonRecords);
  const assemble = buildRowAssembler(dataset, readers);
  const slots = new FieldSlots(dataset);
  const width = readers.length;

  function collect(record: Readonly<Record<string, unknown>>): Outcome<ReadRow> {
    const raws: unknown[] = new Array<unknown>(width).fill(undefined);
    let names: (string | undefined)[] | undefined;
    let rest: RestJson | undefined;
    for (const field of Object.keys(record)) {
      const raw = record[field];
      if (raw === null || raw === undefined) continue;
      const slot = slots.find(field);
      if (slot === null) {
        rest ??= new RestJson();
        rest.add(field, raw);
      } else if (raws[slot.index] === undefined) {
        raws[slot.index] = raw;
        if (slot.rank > 0) (names ??= [])[slot.index] = field;
      } else {
        rest ??= new RestJson();
        const taken = names?.[slot.index];
        const { index } = slot;
        if (taken !== undefined && slot.rank < (slots.find(taken)?.rank ?? 0)) {
          keepSecond(rest, index, taken, raws[index], raw);
          raws[index] = raw;
          (names ??= [])[index] = slot.rank > 0 ? field : undefined;
        } else {
          keepSecond(rest, index, field, raw, raws[index]);
        }
      }
    }
    return assemble(raws, rest);
  }

  function keepSecond(rest: RestJson, index: number, field: string, raw: unknown, taken: unknown): void {
    const reader = readers[index];
    if (!reader) return;
    const text = reader.forRest(raw);
    if (text !== reader.forRest(taken)) rest.add(field, text);
  }

  return function recordToRow(record) {
    if (!isRecord(record)) return dead('not-an-object');
    try {
      return collect(record);
    } catch (error) {
      if (error instanceof TooDeep) return dead('too-deep');
      throw error;
    }
  };
}

function isRecord(record: unknown): record is Readonly<Record<string, unknown>> {
  return typeof record === 'object' && record !== null && !Array.isArray(record);
}

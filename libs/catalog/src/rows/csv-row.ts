import { dead, type Outcome } from '@rollcall/kernel';
import type { Dataset } from '../dataset.js';
import { FieldSlots } from './field-slots.js';
import { RestJson } from './rest-json.js';
import { buildColumnReaders, buildRowAssembler, type ReadRow, type RowReaderOptions } from './row-assembler.js';
import type { ColumnReader } from './column-reader.js';

/** Where a line's field goes: to a column, or to `_rest` under its name. */
interface CsvPlan {
  /** Per column, the places of its fields, best first. */
  readonly places: readonly (readonly number[])[];
  /** Fields that no column takes. */
  readonly unknown: readonly { readonly at: number; readonly name: string }[];
}

/**
 * Makes the stage that turns the fields of one CSV line into a row, by place, without objects in between.
 * An empty field is NULL, or what the column's absent rule says; only in a text column without such a rule it is the text ''.
 * In a key column it is missing: CSV cannot tell '' from nothing, and nothing identifies no row.
 * Dead: `field-count`, `missing-key`, `bad-key` (cause: the column). Throws config/invalid when PII_KEY is needed and not given.
 */
export function buildCsvRowReader(
  dataset: Dataset,
  header: readonly string[],
  options: RowReaderOptions = {},
): (fields: readonly string[]) => Outcome<ReadRow> {
  const readers = buildColumnReaders(dataset, options).map(forCsv);
  const assemble = buildRowAssembler(dataset, readers);
  const { places, unknown } = planHeader(dataset, header);
  const keepsEmpty = dataset.columns.map(
    ({ name, type, absent }) =>
      (type.name === 'text' || type.name === 'other') && !absent && !dataset.key.includes(name),
  );
  const width = readers.length;

  return function csvToRow(fields) {
    if (fields.length !== header.length) return dead('field-count', `${fields.length} fields, not ${header.length}`);
    const raws: unknown[] = new Array<unknown>(width).fill(undefined);
    let rest: RestJson | undefined;
    for (let column = 0; column < width; column++) {
      const candidates = places[column];
      if (candidates === undefined) continue;
      let taken: string | undefined;
      for (const at of candidates) {
        const text = fields[at];
        if (text === undefined || text === '') continue;
        if (taken === undefined) taken = text;
        else if (text !== taken) {
          rest ??= new RestJson();
          rest.add(header[at] ?? '', readers[column]?.forRest(text));
        }
      }
      raws[column] = taken ?? (keepsEmpty[column] && candidates.length > 0 ? '' : undefined);
    }
    for (const { at, name } of unknown) {
      const text = fields[at];
      if (text === undefined || text === '') continue;
      rest ??= new RestJson();
      rest.add(name, text);
    }
    return assemble(raws, rest);
  };
}

/** What is wrong with a header, as sentences: names that stand twice, key columns that no field feeds (every line would be dead). */
export function csvHeaderFaults(dataset: Dataset, header: readonly string[]): readonly string[] {
  const { places } = planHeader(dataset, header);
  const twice = header.filter((name, at) => name !== '' && header.indexOf(name) !== at);
  const unfed = dataset.columns.filter(
    ({ name, absent }, index) => dataset.key.includes(name) && !absent && (places[index]?.length ?? 0) === 0,
  );
  return [
    ...[...new Set(twice)].map((name) => `field "${name}" stands twice in the header`),
    ...unfed.map(
      ({ name, from }) => `no field for key column ${name} (looked for ${[...new Set([name, ...from])].join(', ')})`,
    ),
  ];
}

/** Blanks alone are as empty as nothing, where the column holds no text. */
function forCsv(reader: ColumnReader): ColumnReader {
  const { read } = reader;
  return {
    ...reader,
    read: (raw) => {
      const value = read(raw);
      return value === undefined && typeof raw === 'string' && raw.trim() === '' ? reader.absent : value;
    },
  };
}

function planHeader(dataset: Dataset, header: readonly string[]): CsvPlan {
  const slots = new FieldSlots(dataset);
  const candidates: { at: number; rank: number }[][] = dataset.columns.map(() => []);
  const unknown: { at: number; name: string }[] = [];
  header.forEach((name, at) => {
    // The second of two equal names, and a field without a name, are no column's: they stay in `_rest` under their place.
    const again = header.indexOf(name) !== at;
    const slot = again || name === '' ? null : slots.find(name);
    if (slot) candidates[slot.index]?.push({ at, rank: slot.rank });
    else unknown.push({ at, name: name === '' ? `column_${at + 1}` : again ? `${name}_${at + 1}` : name });
  });
  const places = candidates.map((list) => list.sort((a, b) => a.rank - b.rank || a.at - b.at).map(({ at }) => at));
  return { places, unknown };
}

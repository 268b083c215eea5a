import { parseValue, rowKey, valueToText, type Dataset, type Value } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { keyShape } from '../schema/relation.js';
import { homeName } from '../schema/source-columns.js';
import type { Work } from './fitted-group.js';

/** Whether rows of the dataset may lean on the row before them: those of a log that have a key. */
export function mayLean(dataset: Dataset): boolean {
  return dataset.capture.mode === 'log' && keyShape(dataset) !== 'position';
}

/** `_unchanged` by the names of the dataset, as a JSON array; columns that it does not have stand in `_rest` under their own. */
export function unchangedOf(dataset: Dataset, value: Value): string | null {
  if (value === null) return null;
  const names = textsOf(dataset, '_unchanged', value).map((field) => {
    const name = homeName(dataset, field);
    return dataset.columns.some((column) => column.name === name) ? name : field;
  });
  return names.length === 0 ? null : JSON.stringify(names);
}

/** `_prev_key` as the key stands in raw: a JSON array of texts that the server reads. */
export function previousOf(dataset: Dataset, value: Value): string | null {
  if (value === null) return null;
  const texts = textsOf(dataset, '_prev_key', value);
  if (texts.length !== dataset.key.length) throw strange(dataset, '_prev_key');
  const values = new Map(
    dataset.key.map((name, place) => {
      const type = dataset.columns.find((column) => column.name === name)?.type ?? { name: 'other' };
      const parsed = parseValue(type, texts[place] ?? '');
      if (!parsed.ok) throw strange(dataset, '_prev_key');
      return [name, { type, value: parsed.value }];
    }),
  );
  if (keyShape(dataset) === 'hash')
    return JSON.stringify([
      rowKey(
        dataset,
        dataset.columns.map(({ name }) => values.get(name)?.value ?? null),
      ),
    ]);
  return JSON.stringify([...values.values()].map(({ type, value: key }) => valueToText(type, key)));
}

/** Under which key a refused row stands, in the same form; null: it says none that raw could hold. */
export function keyTextOf(dataset: Dataset, work: readonly Work[], key: Value, row: number): string | null {
  if (keyShape(dataset) === 'hash') return typeof key === 'string' ? JSON.stringify([key]) : null;
  const texts = dataset.key.map((name) => {
    const entry = work.find(({ column }) => column.name === name);
    const value = entry?.values[row] ?? null;
    return entry === undefined || value === null || !entry.fits(value) ? null : valueToText(entry.column.type, value);
  });
  return texts.includes(null) ? null : JSON.stringify(texts);
}

function textsOf(dataset: Dataset, name: string, value: Value): readonly string[] {
  const texts: unknown = typeof value === 'string' ? parsed(value) : undefined;
  if (!Array.isArray(texts) || !texts.every((text): text is string => typeof text === 'string'))
    throw strange(dataset, name);
  return texts;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strange(dataset: Dataset, name: string): RollcallError {
  return new RollcallError('lake/corrupt', `${dataset.name}: a row has a ${name} that is none`);
}

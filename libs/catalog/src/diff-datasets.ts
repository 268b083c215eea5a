import { canonicalJson } from './canonical-json.js';
import { diffColumns } from './diff-columns.js';
import type { Catalog, Dataset } from './dataset.js';

/**
 * What a change of the catalog asks for, from least to most:
 * - `nothing` it holds from the next batch on
 * - `rebuild-views` generated views are made anew; data stays
 * - `rebuild-dataset-from-lake` the warehouse's rows are loaded again; the source is not asked
 * - `re-extract` the lake does not hold what is needed: the source is read again
 * - `erase` the lake holds what it no longer may: those batches are erased, then the source is read again
 */
export type ChangeEffect = 'nothing' | 'rebuild-views' | 'rebuild-dataset-from-lake' | 're-extract' | 'erase';

export interface Change {
  readonly dataset: string;
  /** Path inside the entry: `columns.email.pii`. */
  readonly path: string;
  readonly effect: ChangeEffect;
  readonly sentence: string;
}

/** Entries of a dataset that are compared whole: what a change of each asks for, and why. */
const RULES: readonly (readonly [keyof Dataset, ChangeEffect, string])[] = [
  ['source', 're-extract', 'it comes from another source'],
  ['kind', 're-extract', 'it comes from another kind of source'],
  ['from', 're-extract', 'it stands at another place in the source'],
  ['capture', 're-extract', 'positions of the old capture say nothing in the new one'],
  ['description', 'nothing', 'only the words change'],
  ['key', 'rebuild-dataset-from-lake', 'rows are told apart by other columns'],
  ['keyForm', 'rebuild-dataset-from-lake', 'the key stands in another form'],
  ['history', 'rebuild-dataset-from-lake', 'the history is made from all batches'],
  ['zone', 'rebuild-dataset-from-lake', 'days and half-days begin at other instants'],
  ['contract', 'nothing', 'it holds from the next load on; what waits in quarantine can be replayed'],
  ['flush', 'nothing', 'it holds from the next batch on'],
  ['derive', 'rebuild-dataset-from-lake', 'derived tables are made from all rows'],
  ['tests', 'nothing', 'they run after the next load'],
  ['maxDelete', 'nothing', 'it holds from the next clearing on'],
  ['drop', 'nothing', 'it holds for the files found from now on'],
];

/** What a change of one contract asks for, change by change; empty: they are equal. */
export function diffDatasets(before: Dataset, after: Dataset): readonly Change[] {
  const change = (path: string, effect: ChangeEffect, sentence: string): Change => ({
    dataset: after.name,
    path,
    effect,
    sentence,
  });
  const whole = RULES.filter(([key]) => canonicalJson(before[key]) !== canonicalJson(after[key])).map(
    ([key, effect, why]) => change(key, effect, `${key} changed: ${why}`),
  );
  return [...whole, ...diffColumns(before, after).map(({ path, effect, sentence }) => change(path, effect, sentence))];
}

/** The same over all datasets, those added and taken out too. */
export function diffCatalogs(before: Catalog, after: Catalog): readonly Change[] {
  const names = [...new Set([...before.datasets.keys(), ...after.datasets.keys()])].sort();
  return names.flatMap((dataset): readonly Change[] => {
    const old = before.datasets.get(dataset);
    const now = after.datasets.get(dataset);
    if (old && now) return diffDatasets(old, now);
    const sentence = now
      ? `${dataset} is new: its table is made with the first load`
      : `${dataset} is gone: its views are dropped, its rows stay`;
    return [{ dataset, path: '', effect: now ? 'nothing' : 'rebuild-views', sentence }];
  });
}

/** The most that any of the changes asks for. */
export function greatestEffect(changes: readonly Change[]): ChangeEffect {
  const order: readonly ChangeEffect[] = [
    'nothing',
    'rebuild-views',
    'rebuild-dataset-from-lake',
    're-extract',
    'erase',
  ];
  return changes.reduce<ChangeEffect>(
    (most, { effect }) => (order.indexOf(effect) > order.indexOf(most) ? effect : most),
    'nothing',
  );
}

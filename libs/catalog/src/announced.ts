import type { Catalog, Dataset } from './dataset.js';

export type ChangeEffect = 'nothing' | 'rebuild-views' | 'rebuild-dataset-from-lake' | 're-extract' | 'erase';
export interface Change {
  readonly dataset: string;
  /** Path inside the entry: `columns.email.pii`. */
  readonly path: string;
  readonly effect: ChangeEffect;
  readonly sentence: string;
}
export declare function diffDatasets(before: Dataset, after: Dataset): readonly Change[];
export declare function diffCatalogs(before: Catalog, after: Catalog): readonly Change[];

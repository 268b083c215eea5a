import type { Catalog, Dataset, Source } from './dataset.js';

// Signatures first; each moves to its own file with its body.
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly message: string;
}
/** `file:line:col: error: sentence [rule]` */
export declare function formatFault(fault: Fault): string;
export interface ParsedSource {
  readonly file: string;
  readonly source?: Source;
  readonly faults: readonly Fault[];
}
export declare function parseSource(text: string, file: string): ParsedSource;
export declare function checkCatalog(parsed: readonly ParsedSource[]): {
  readonly catalog?: Catalog;
  readonly faults: readonly Fault[];
};
/** Throws RollcallError catalog/invalid whose message lists every fault, one a line. */
export declare function loadCatalog(dir: string): Promise<Catalog>;

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

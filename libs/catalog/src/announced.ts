import type { Outcome } from '@rollcall/kernel';
import type { Catalog, Column, Dataset, Source } from './dataset.js';
import type { LogicalType, Value } from './logical-type.js';

// Signatures first; each moves to its own file with its body.
export type Parsed = { readonly ok: true; readonly value: Value } | { readonly ok: false };
/** undefined: the raw value does not fit the type. No allocation beside the value: for hot loops. */
export type ValueParser = (raw: unknown) => Value | undefined;
export declare function parseValue(type: LogicalType, raw: unknown): Parsed;
export declare function valueParser(type: LogicalType): ValueParser;
/** Text that parseValue and Postgres read back. null stays null. */
export declare function valueToText(type: LogicalType, value: Value): string | null;
export declare function valueToJson(type: LogicalType, value: Value): null | boolean | number | string;

export declare function columnName(text: string): string;

export interface PiiKey {
  /** Stands in manifests: which key it was, without telling the key. */
  readonly id: string;
  readonly secret: string;
}
export declare function piiKey(secret: string): PiiKey;
/** What of `columns` needs PII_KEY; empty: none. */
export declare function columnsThatNeedKey(dataset: Dataset): readonly string[];
export declare function applyPolicy(column: Column, text: string | null, key: PiiKey | undefined): string | null;

export interface ReadRow {
  /** In the order of dataset.columns. */
  readonly values: readonly Value[];
  /** `_key`: only where keyForm is 'hash', else null. */
  readonly key: string | null;
  /** `_rest`: JSON object text, or null when empty. */
  readonly rest: string | null;
}
export interface RowReaderOptions {
  readonly piiKey?: PiiKey | undefined;
}
export type DeadReason = 'missing-key' | 'bad-key' | 'field-count' | 'too-deep' | 'not-an-object';
/** Throws RollcallError config/invalid when the dataset needs a PII key and none is given. */
export declare function buildRowReader(
  dataset: Dataset,
  options?: RowReaderOptions,
): (record: unknown) => Outcome<ReadRow>;
/** Key columns that no field of the header feeds (and no absent rule fills) make every row dead: see csvHeaderFaults. */
export declare function buildCsvRowReader(
  dataset: Dataset,
  header: readonly string[],
  options?: RowReaderOptions,
): (fields: readonly string[]) => Outcome<ReadRow>;
export declare function csvHeaderFaults(dataset: Dataset, header: readonly string[]): readonly string[];
export declare function buildRowKey(dataset: Dataset): (values: readonly Value[], rest?: string | null) => string;
export declare function rowKey(dataset: Dataset, values: readonly Value[], rest?: string | null): string;

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

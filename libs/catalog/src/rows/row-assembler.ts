import { dead, ok, RollcallError, type Outcome } from '@rollcall/kernel';
import type { Dataset } from '../dataset.js';
import type { Value } from '../logical-type.js';
import { columnsThatNeedKey, type PiiKey } from '../policy/pii-key.js';
import { buildColumnReader, type ColumnReader } from './column-reader.js';
import { RestJson } from './rest-json.js';
import { buildRowKey } from './row-key.js';

/** A record as the lake takes it. */
export interface ReadRow {
  /** In the order of `dataset.columns`. */
  readonly values: readonly Value[];
  /** `_key`: only where `keyForm` is hash, else null. */
  readonly key: string | null;
  /** `_rest`: JSON object text of what no column takes, or null when there is nothing. */
  readonly rest: string | null;
}

export interface RowReaderOptions {
  readonly piiKey?: PiiKey | undefined;
}

/** Raw values by column (undefined: absent) and what else the record holds -> row. `dead` names a column in its cause, never a value. */
export type AssembleRow = (raws: readonly unknown[], rest: RestJson | undefined) => Outcome<ReadRow>;

/** The readers of a dataset's columns. Throws config/invalid, naming every column, when PII_KEY is needed and not given. */
export function buildColumnReaders(dataset: Dataset, { piiKey }: RowReaderOptions): readonly ColumnReader[] {
  const needing = columnsThatNeedKey(dataset);
  if (!piiKey && needing.length > 0) {
    throw new RollcallError('config/invalid', `PII_KEY is not set; ${dataset.name} needs it for ${needing.join(', ')}`);
  }
  return dataset.columns.map((column) => buildColumnReader(column, piiKey));
}

/** The part that records of JSON and lines of CSV share. */
export function buildRowAssembler(dataset: Dataset, readers: readonly ColumnReader[]): AssembleRow {
  const isKey = dataset.columns.map(({ name }) => dataset.key.includes(name));
  const matchRules = readers.map((reader) => matchRule(reader, readers));
  const keyOf = dataset.keyForm === 'hash' ? buildRowKey(dataset) : undefined;
  const width = readers.length;

  return function assembleRow(raws, found) {
    let rest = found;
    const values: Value[] = new Array<Value>(width);
    for (let at = 0; at < width; at++) {
      const reader = readers[at];
      if (!reader) continue;
      const raw = raws[at];
      let value: Value | undefined;
      if (raw !== undefined) value = reader.read(raw);
      else value = matchRules[at]?.(raws) ?? reader.absent;
      if (value === undefined) {
        if (isKey[at]) return dead('bad-key', reader.column.name);
        rest ??= new RestJson();
        rest.add(reader.column.name, reader.forRest(raw));
        value = null;
      } else if (value === null && isKey[at]) {
        return dead('missing-key', reader.column.name);
      }
      values[at] = value;
    }
    const restText = rest?.toText() ?? null;
    return ok({ values, key: keyOf ? keyOf(values, restText) : null, rest: restText });
  };
}

/** true or false by the clear text of another column; a column without text does not match. */
function matchRule(
  { column }: ColumnReader,
  readers: readonly ColumnReader[],
): ((raws: readonly unknown[]) => boolean) | undefined {
  const rule = column.absent;
  if (rule?.kind !== 'matches') return undefined;
  const index = readers.findIndex((reader) => reader.column.name === rule.column);
  const other = readers[index];
  if (!other) throw new RangeError(`absent rule: no column ${rule.column}`);
  const pattern = new RegExp(rule.pattern, 'u');
  return (raws) => {
    const raw = raws[index];
    const text = raw === undefined ? undefined : other.clearText(raw);
    return text !== undefined && pattern.test(text);
  };
}

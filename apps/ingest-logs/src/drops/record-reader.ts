import { buildCsvRowReader, buildRowReader, type Dataset, type PiiKey, type ReadRow } from '@rollcall/catalog';
import { dead, type Outcome } from '@rollcall/kernel';
import type { TextRecord } from '../framing/framed.js';
import { parseJson } from '../framing/parse-json.js';
import type { Layout } from '../framing/sniff-layout.js';
import { splitFields } from '../framing/split-fields.js';

/** How a file is read: what must be known to go on in the middle of it. */
export interface FilePlan {
  readonly layout: Layout;
  /** Field names, of a CSV file. */
  readonly header?: readonly string[] | undefined;
}

export type RecordReader = (record: TextRecord) => Outcome<ReadRow>;

/** The reader for the records of a file. The catalog says what a row is; here a record becomes fields or a JSON value. */
export function buildRecordReader(dataset: Dataset, plan: FilePlan, piiKey: PiiKey | undefined): RecordReader {
  const { layout, header = [] } = plan;
  return layout.format === 'csv'
    ? buildCsvReader(dataset, header, layout.delimiter, piiKey)
    : buildJsonReader(dataset, piiKey);
}

function buildCsvReader(
  dataset: Dataset,
  header: readonly string[],
  delimiter: string,
  piiKey: PiiKey | undefined,
): RecordReader {
  const readRow = buildCsvRowReader(dataset, header, { piiKey });
  return function readCsvRecord(record) {
    const fields = fieldsOf(record, delimiter);
    if (fields === undefined) return dead('misplaced-quote');
    if (fields.length < header.length) return dead('too-few-fields');
    if (fields.length > header.length) return dead('too-many-fields');
    return readRow(fields);
  };
}

function buildJsonReader(dataset: Dataset, piiKey: PiiKey | undefined): RecordReader {
  const readRow = buildRowReader(dataset, { piiKey });
  return function readJsonRecord(record) {
    const value = parseJson(record.text);
    return value === undefined ? dead('not-json') : readRow(value);
  };
}

/** The fields of a CSV record; undefined when its quotes cannot be read. */
export function fieldsOf(record: TextRecord, delimiter: string): readonly string[] | undefined {
  return record.quoted ? splitFields(record.text, delimiter) : record.text.split(delimiter);
}

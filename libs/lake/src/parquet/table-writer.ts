import type { KeyValue, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { LogicalType } from '@rollcall/catalog';
import type { LakeColumn } from '../batch/lake-column.js';
import { encodeColumn } from './encode-column.js';
import type { ColumnName } from './file-metadata.js';
import { isText, parquetElement, type ParquetElement } from './parquet-element.js';
import { COMPRESSORS } from './zstd.js';

/** Writes one Parquet file by columns, a row group at a time: zstd, explicit types, microseconds, statistics. The same input gives the same bytes. */
export class TableWriter {
  readonly #columns: readonly ColumnName[];
  readonly #writer = new ByteWriter(64 * 1024);
  readonly #parquet: ParquetWriter;

  constructor(columns: readonly ColumnName[], metadata: KeyValue[] = []) {
    if (columns.length === 0) throw new RangeError('a table needs at least one column');
    this.#columns = columns;
    this.#parquet = new ParquetWriter({
      writer: this.#writer,
      schema: schemaOf(columns, (type) => (isText(type) ? PLAIN_TEXT : parquetElement(type))),
      codec: 'ZSTD',
      compressors: COMPRESSORS,
      kvMetadata: metadata,
      createdBy: 'rollcall lake format 1',
    });
  }

  /** Rows [start, end) as one row group. Throws TypeError or RangeError for values that are not of their column's type. */
  async writeGroup(columns: readonly LakeColumn[], start: number, end: number): Promise<void> {
    await this.#parquet.write({
      columnData: columns.map(({ name, type, values }) => ({
        name,
        data: encodeColumn(name, type, values.slice(start, end)),
        // A dictionary pays for repeated texts; numbers are left to zstd, which is faster.
        ...(!isText(type) && { encoding: 'PLAIN' as const }),
        // The bounds of JSON are whole documents in the footer, and of no use to a reader.
        ...(parquetElement(type).converted_type === 'JSON' && { statistics: false }),
      })),
      rowGroupSize: end - start,
    });
  }

  /** Ends the file. */
  async finish(): Promise<void> {
    // JSON is written as the text it is (the library would write a JSON string of it) and called JSON in the footer.
    this.#parquet.schema = schemaOf(this.#columns, parquetElement);
    await this.#parquet.finish();
  }

  /** The bytes since the last call. */
  takeBytes(): Uint8Array {
    const piece = this.#writer.getBytes().slice();
    this.#writer.index = 0;
    return piece;
  }
}

const PLAIN_TEXT: ParquetElement = { type: 'BYTE_ARRAY', converted_type: 'UTF8' };

function schemaOf(columns: readonly ColumnName[], elementOf: (type: LogicalType) => ParquetElement): SchemaElement[] {
  const elements = columns.map(({ name, type }) => ({
    name,
    repetition_type: 'OPTIONAL' as const,
    ...elementOf(type),
  }));
  return [{ name: 'root', num_children: columns.length }, ...elements];
}

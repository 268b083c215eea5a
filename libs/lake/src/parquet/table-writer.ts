import type { KeyValue, RowGroup as RowGroupMetadata, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { LakeColumn } from '../batch/lake-column.js';
import { ChunkEncoder } from './column-chunk.js';
import type { ColumnName } from './file-metadata.js';
import { parquetElement } from './parquet-element.js';

const MAGIC = Buffer.from('PAR1');

/**
 * Writes one Parquet file by columns, a row group at a time: zstd, explicit types, microseconds, statistics. The same input gives the same bytes.
 * hyparquet-writer's own column path wants whole new arrays per column and step; here values go straight into bytes. Thrift is its.
 */
export class TableWriter {
  readonly #columns: readonly ColumnName[];
  readonly #metadata: KeyValue[];
  readonly #encoder = new ChunkEncoder();
  readonly #groups: RowGroupMetadata[] = [];
  #pieces: Uint8Array[] = [MAGIC];
  #offset = MAGIC.byteLength;

  constructor(columns: readonly ColumnName[], metadata: KeyValue[] = []) {
    if (columns.length === 0) throw new RangeError('a table needs at least one column');
    this.#columns = columns;
    this.#metadata = metadata;
  }

  /** Rows [start, end) as one row group. Throws TypeError or RangeError for values that are not of their column's type. */
  writeGroup(columns: readonly LakeColumn[], start: number, end: number): void {
    const groupOffset = this.#offset;
    let uncompressed = 0;
    const chunks = columns.map((column) => {
      const { chunk, pieces, bytes, uncompressedBytes } = this.#encoder.encode(column, start, end, this.#offset);
      this.#give(pieces, bytes);
      uncompressed += uncompressedBytes;
      return chunk;
    });
    this.#groups.push({
      columns: chunks,
      num_rows: BigInt(end - start),
      total_byte_size: BigInt(uncompressed),
      total_compressed_size: BigInt(this.#offset - groupOffset),
    });
  }

  /** Ends the file. */
  finish(): void {
    const footer = new ByteWriter(16 * 1024);
    writeMetadata(footer, {
      version: 2,
      created_by: 'rollcall lake format 1',
      schema: this.#schema(),
      num_rows: this.#groups.reduce((sum, group) => sum + group.num_rows, 0n),
      row_groups: this.#groups,
      key_value_metadata: this.#metadata,
      metadata_length: 0,
    });
    this.#give([footer.getBytes(), MAGIC], footer.offset + MAGIC.byteLength);
  }

  /** The bytes since the last call. */
  takeBytes(): Uint8Array {
    const taken = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return taken;
  }

  #give(pieces: readonly Uint8Array[], bytes: number): void {
    this.#pieces.push(...pieces);
    this.#offset += bytes;
  }

  #schema(): SchemaElement[] {
    const elements = this.#columns.map(({ name, type }) => ({
      name,
      repetition_type: 'OPTIONAL' as const,
      ...parquetElement(type),
    }));
    return [{ name: 'root', num_children: elements.length }, ...elements];
  }
}

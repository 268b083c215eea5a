import type { KeyValue, RowGroup as RowGroupMetadata, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { LakeColumn } from '../batch/lake-column.js';
import { ChunkEncoder } from './column-chunk.js';
import { chunkMetadata, type EncodedChunk } from './encoded-chunk.js';
import type { ColumnName } from './file-metadata.js';
import { parquetElement } from './parquet-element.js';

const MAGIC = Buffer.from('PAR1');

/** Who wrote a file: its pages are as `ChunkEncoder` and `encodeVector` make them. */
export const CREATED_BY = 'rollcall lake format 1';

/**
 * Writes one Parquet file by columns, a row group at a time: zstd, explicit types, microseconds, statistics. The same input gives the same bytes.
 * hyparquet-writer's own column path wants whole new arrays per column and step; here values go straight into bytes. Thrift is its.
 */
export class TableWriter {
  readonly #columns: readonly ColumnName[];
  readonly #encoder = new ChunkEncoder();
  readonly #groups: RowGroupMetadata[] = [];
  #pieces: Uint8Array[] = [MAGIC];
  #offset = MAGIC.byteLength;

  constructor(columns: readonly ColumnName[]) {
    if (columns.length === 0) throw new RangeError('a table needs at least one column');
    this.#columns = columns;
  }

  /** Bytes of the file so far. */
  get byteLength(): number {
    return this.#offset;
  }

  /** Rows [start, end) as one row group. Throws TypeError or RangeError for values that are not of their column's type. */
  writeGroup(columns: readonly LakeColumn[], start: number, end: number): void {
    this.addGroup(
      end - start,
      columns.map((column) => this.#encoder.encode(column, start, end)),
    );
  }

  /** A row group that is encoded already: one chunk for each column, in their order. */
  addGroup(rowCount: number, chunks: readonly EncodedChunk[]): void {
    const groupOffset = this.#offset;
    let uncompressed = 0;
    const columns = chunks.map((chunk) => {
      const metadata = chunkMetadata(chunk, this.#offset);
      for (const page of chunk.dictionary ? [chunk.dictionary, chunk.data] : [chunk.data]) {
        this.#give(page.pieces, page.bytes);
        uncompressed += page.uncompressedBytes;
      }
      return metadata;
    });
    this.#groups.push({
      columns,
      num_rows: BigInt(rowCount),
      total_byte_size: BigInt(uncompressed),
      total_compressed_size: BigInt(this.#offset - groupOffset),
    });
  }

  /** The bytes since the last call. */
  takeBytes(): Uint8Array {
    const taken = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return taken;
  }

  /** What ends the file after the bytes so far. */
  footer(metadata: KeyValue[] = []): Uint8Array {
    const footer = new ByteWriter(16 * 1024);
    writeMetadata(footer, {
      version: 2,
      created_by: CREATED_BY,
      schema: this.#schema(),
      num_rows: this.#groups.reduce((sum, group) => sum + group.num_rows, 0n),
      row_groups: this.#groups,
      key_value_metadata: metadata,
      metadata_length: 0,
    });
    return Buffer.concat([footer.getBytes(), MAGIC]);
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

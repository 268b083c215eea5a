import type { ColumnChunk } from 'hyparquet';
import type { Bounds } from './bounds.js';
import type { ColumnName } from './file-metadata.js';
import type { EncodedPage } from './page.js';
import { parquetElement } from './parquet-element.js';

/** One column of one row group, encoded: whatever place it takes in the file. */
export interface EncodedChunk {
  readonly column: ColumnName;
  readonly rowCount: number;
  readonly nullCount: number;
  readonly bounds: Bounds;
  readonly dictionary?: EncodedPage;
  readonly data: EncodedPage;
}

/** Its entry in the footer, when it stands at `offset`. */
export function chunkMetadata(
  { column, rowCount, nullCount, bounds, dictionary, data }: EncodedChunk,
  offset: number,
): ColumnChunk {
  const element = parquetElement(column.type);
  return {
    file_offset: BigInt(offset),
    meta_data: {
      type: element.type,
      encodings: dictionary ? ['PLAIN', 'RLE_DICTIONARY', 'RLE'] : ['PLAIN', 'RLE'],
      path_in_schema: [column.name],
      codec: 'ZSTD',
      num_values: BigInt(rowCount),
      total_uncompressed_size: BigInt(data.uncompressedBytes + (dictionary?.uncompressedBytes ?? 0)),
      total_compressed_size: BigInt(data.bytes + (dictionary?.bytes ?? 0)),
      data_page_offset: BigInt(offset + (dictionary?.bytes ?? 0)),
      ...(dictionary && { dictionary_page_offset: BigInt(offset) }),
      statistics: {
        // The bounds of JSON would be whole documents in the footer, and of no use to a reader.
        ...(element.converted_type !== 'JSON' && bounds),
        null_count: BigInt(nullCount),
      },
    },
  };
}

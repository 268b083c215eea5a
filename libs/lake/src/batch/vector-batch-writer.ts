import type { BatchManifest, BatchWritten } from '@rollcall/contracts';
import type { Bounds } from '../parquet/bounds.js';
import { cutGroup } from '../parquet/cut-group.js';
import type { EncodedChunk } from '../parquet/encoded-chunk.js';
import { metadataEntries, type ColumnName } from '../parquet/file-metadata.js';
import { TableWriter } from '../parquet/table-writer.js';
import { encodeAside } from '../threads/aside.js';
import type { ObjectStore } from '../store/object-store.js';
import type { VectorGroup } from './vector-group.js';
import { manifestFrom, putBatch, type BatchFacts, type RowFacts } from './write-batch.js';

/** Row groups that are being encoded while the next one is made. */
const AHEAD = 2;

interface Encoding {
  readonly rowCount: number;
  readonly chunks: Promise<readonly EncodedChunk[]>;
}

/**
 * Writes a batch group by group: what is held is its compressed bytes and a few groups. The file is that of `writeBatch`, and the same groups
 * give the same bytes. Throws RangeError for a group whose columns or vectors are not what they should be: a bug of the caller.
 */
export class VectorBatchWriter {
  readonly #columns: readonly ColumnName[];
  readonly #table: TableWriter;
  #pieces: Uint8Array[] = [];
  #facts: RowFacts = { rowCount: 0 };
  readonly #encoding: Encoding[] = [];
  #broken: { readonly cause: unknown } | undefined;

  /** The columns of every group. They may be without rows, but not without columns. */
  constructor(columns: readonly ColumnName[]) {
    this.#columns = columns.map(({ name, type }) => ({ name, type }));
    if (new Set(columns.map(({ name }) => name)).size < columns.length) throw new RangeError('a column is there twice');
    this.#table = new TableWriter(this.#columns);
  }

  /**
   * Adds rows: one row group, or more where they are beyond 16 MB or 16,384 rows. Done when only a few groups wait to be encoded, so the
   * caller reads on meanwhile; what is wrong with one of them is said by a later call. To be awaited before that. The vectors must not
   * change until the batch is encoded; `given`: nobody looks at their bytes any more, and they are not copied.
   */
  async add(group: VectorGroup, whose: 'kept' | 'given' = 'kept'): Promise<void> {
    await this.#whole(() => this.#add(group, whose === 'given'));
  }

  /** Puts the batch into the store, by the rules of `writeBatch`. Where the store failed it may be called again. */
  async finish(store: ObjectStore, batch: BatchFacts): Promise<BatchWritten> {
    const { manifest, bytes } = await this.encode(batch);
    return putBatch(store, manifest, batch.asOfDay, bytes);
  }

  /** The whole file, and its manifest. */
  async encode(batch: BatchFacts): Promise<{ readonly manifest: BatchManifest; readonly bytes: Uint8Array }> {
    await this.#whole(async () => {
      while (this.#encoding.length > 0) await this.#takeFirst();
    });
    const manifest = manifestFrom(batch, this.#facts);
    this.#pieces.push(this.#table.takeBytes());
    const footer = this.#table.footer(metadataEntries(manifest, this.#columns));
    const bytes = Buffer.concat([...this.#pieces, footer]);
    // Not twice in memory while the store is at it.
    this.#pieces = [bytes.subarray(0, this.#table.byteLength)];
    return { manifest, bytes };
  }

  /** A batch that once failed to take a group would lack its rows: it fails from then on. */
  async #whole(act: () => Promise<void>): Promise<void> {
    if (this.#broken) throw this.#broken.cause;
    try {
      await act();
    } catch (cause) {
      this.#broken = { cause };
      throw cause;
    }
  }

  async #add(group: VectorGroup, isGiven: boolean): Promise<void> {
    this.#check(group);
    for (const part of cutGroup(group)) {
      const { rowCount } = part;
      // Parts of a group share its buffers.
      const chunks = encodeAside(part, isGiven && rowCount === group.rowCount);
      // Looked at by a later call.
      chunks.catch(() => undefined);
      this.#encoding.push({ rowCount, chunks });
      while (this.#encoding.length > AHEAD) await this.#takeFirst();
    }
  }

  async #takeFirst(): Promise<void> {
    const first = this.#encoding.shift();
    if (!first) return;
    const { rowCount } = first;
    const encoded = await first.chunks;
    this.#table.addGroup(rowCount, encoded);
    this.#note(rowCount, encoded.find(({ column }) => column.name === '_position')?.bounds);
    // What is encoded are views of bigger buffers: they are copied out.
    this.#pieces.push(this.#table.takeBytes());
  }

  #note(rowCount: number, { min_value: first, max_value: last }: Bounds = {}): void {
    const before = this.#facts;
    this.#facts = {
      rowCount: before.rowCount + rowCount,
      ...least(before.firstPosition, first),
      ...greatest(before.lastPosition, last),
    };
  }

  #check({ columns, rowCount }: VectorGroup): void {
    const same = this.#columns.every(({ name, type }, at) => {
      const column = columns[at];
      return column?.name === name && JSON.stringify(column.type) === JSON.stringify(type);
    });
    if (!same || columns.length !== this.#columns.length) throw new RangeError('a group of other columns');
    for (const { name, vector } of columns)
      if (vector.rowCount !== rowCount)
        throw new RangeError(`column ${name}: ${vector.rowCount} rows in a group of ${rowCount}`);
  }
}

function least(before: string | undefined, bound: unknown): Pick<RowFacts, 'firstPosition'> {
  const next = typeof bound === 'string' && (before === undefined || bound < before) ? bound : before;
  return next === undefined ? {} : { firstPosition: next };
}

function greatest(before: string | undefined, bound: unknown): Pick<RowFacts, 'lastPosition'> {
  const next = typeof bound === 'string' && (before === undefined || bound > before) ? bound : before;
  return next === undefined ? {} : { lastPosition: next };
}

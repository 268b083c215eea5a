import type { FileColumns } from '../schema/source-columns.js';
import type { BatchColumn, RowGroup, StagedBatch, VectorRowGroup } from './loading.js';

/** A batch of which is known what columns its file has. */
export interface KnownBatch {
  readonly batch: StagedBatch;
  readonly columns: readonly BatchColumn[];
}

/** Asks a batch for its columns; one that cannot say them has its first row group read ahead. */
export async function withColumns(batch: StagedBatch): Promise<KnownBatch> {
  const { announced, groups, vectors, columns } = batch;
  if (announced.lane === 'rejected' || announced.rows === 0) return { batch, columns: [] };
  if (columns !== undefined) return { batch, columns: await columns() };
  if (vectors !== undefined) {
    const ahead = await readAhead<VectorRowGroup>(vectors());
    return { batch: { ...batch, vectors: () => ahead.all }, columns: ahead.first?.columns ?? [] };
  }
  const ahead = await readAhead<RowGroup>(groups);
  return { batch: { ...batch, groups: ahead.all }, columns: ahead.first?.columns ?? [] };
}

/** What the files of batches say, for those that say anything. */
export function saidBy(batches: readonly KnownBatch[]): readonly FileColumns[] {
  return batches.flatMap(({ batch, columns }) =>
    columns.length === 0 ? [] : [{ position: batch.announced.lastPosition ?? '', columns }],
  );
}

async function readAhead<T>(
  source: AsyncIterable<T>,
): Promise<{ readonly first: T | undefined; readonly all: AsyncIterable<T> }> {
  const iterator = source[Symbol.asyncIterator]();
  const { done, value } = await iterator.next();
  if (done === true) return { first: undefined, all: none() };
  return { first: value, all: rest(value, iterator) };
}

async function* none(): AsyncGenerator<never> {}

async function* rest<T>(first: T, iterator: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

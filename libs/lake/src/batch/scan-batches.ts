import { createHash } from 'node:crypto';
import { RollcallError } from '@rollcall/kernel';
import type { BatchWritten, Lane } from '@rollcall/contracts';
import type { ObjectStore } from '../store/object-store.js';
import { lanePrefix, parseBatchKey, type BatchPlace } from './batch-key.js';
import { readManifest } from './read-manifest.js';

export interface ScanOptions {
  /** Only this dataset. */
  readonly dataset?: string;
  /** Only batches filed under this day (YYYY-MM-DD) or later. */
  readonly sinceDay?: string;
  /** Batches not to open: those the ledger has. Asked by id, which stands in the key, so that a known batch costs a line of a listing. */
  readonly isKnown?: (batchId: string) => boolean | Promise<boolean>;
  /** Told of an object that is not the batch its key says, and the scan goes on. Left out: the scan ends with that error. */
  readonly onCorrupt?: (key: string, error: RollcallError) => void;
}

export interface ListedBatch extends BatchPlace {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Every batch the lake holds, by listing alone: dataset by dataset, lane by lane, day by day. */
export async function* listBatches(store: ObjectStore, options: ScanOptions = {}): AsyncIterable<ListedBatch> {
  const datasets = options.dataset === undefined ? datasetsOf(store) : [options.dataset];
  for await (const dataset of datasets) {
    for (const lane of ['rows', 'rejected'] as const) yield* listLane(store, dataset, lane, options.sinceDay);
  }
}

/** The batches the lake holds as they would be announced: manifest from the footer, sha256 from the bytes. One object at a time, in little memory. */
export async function* scanBatches(store: ObjectStore, options: ScanOptions = {}): AsyncIterable<BatchWritten> {
  for await (const { key, batchId } of listBatches(store, options)) {
    if (await options.isKnown?.(batchId)) continue;
    const announced = await announce(store, key).catch((error: unknown) => {
      if (!(error instanceof RollcallError) || error.code !== 'lake/corrupt' || !options.onCorrupt) throw error;
      options.onCorrupt(key, error);
      return undefined;
    });
    if (announced) yield announced;
  }
}

/** Undefined when the object went away since it was listed (retention). */
async function announce(store: ObjectStore, key: string): Promise<BatchWritten | undefined> {
  const manifest = await readManifest(store, key);
  const body = manifest && (await store.stream(key));
  if (!body) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { ...manifest, key, bytes, sha256: hash.digest('hex') };
}

async function* listLane(
  store: ObjectStore,
  dataset: string,
  lane: Lane,
  sinceDay?: string,
): AsyncIterable<ListedBatch> {
  const prefix = lanePrefix(dataset, lane);
  // A day sorts before everything filed under it.
  for await (const { key, size, modifiedMs } of store.list(
    prefix,
    sinceDay === undefined ? {} : { after: prefix + sinceDay },
  )) {
    const place = parseBatchKey(key);
    if (place) yield { ...place, key, bytes: size, modifiedMs };
  }
}

/** Datasets by their folders, without listing what is in them: after a dataset's first key comes the first key that is past all of its. */
async function* datasetsOf(store: ObjectStore): AsyncIterable<string> {
  // Dataset names begin with a letter; `_state`, `_drops` sort before them.
  let after = '`';
  for (;;) {
    const key = await firstKey(store, after);
    if (key === undefined) return;
    const [folder = '', ...rest] = key.split('/');
    if (rest.length > 0 && /^[a-z][a-z0-9_]*$/.test(folder)) yield folder;
    after = rest.length > 0 ? `${folder}/\u{10ffff}` : key;
  }
}

async function firstKey(store: ObjectStore, after: string): Promise<string | undefined> {
  for await (const { key } of store.list('', { after })) return key;
  return undefined;
}

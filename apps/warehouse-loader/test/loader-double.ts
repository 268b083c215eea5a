import type { Catalog, Dataset } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import type { CommittedLoad, StagedBatch, WaitingBatch } from '@rollcall/warehouse';
import type { LoaderEvents } from '../src/events.js';
import { Loader, type LoaderOptions } from '../src/loader.js';

/** A loader over a ledger in memory, for tests of its decisions. */
export interface LoaderDouble {
  readonly loader: Loader;
  readonly announced: readonly CommittedLoad[];
  readonly waiting: readonly (readonly [string, number])[];
  readonly calls: () => number;
}

export interface LoaderDoubleScript {
  readonly catalog?: Catalog;
  readonly refuse?: (batches: readonly StagedBatch[]) => Error | undefined;
  readonly waiting?: readonly WaitingBatch[];
  readonly announce?: () => Promise<void>;
  readonly boundsOf?: LoaderOptions['boundsOf'];
  /** Told when the rows of a load are staged, and awaited inside its transaction. */
  readonly staged?: (batches: readonly StagedBatch[]) => void;
  readonly merge?: (batches: readonly StagedBatch[]) => Promise<void>;
}

export function loaderDouble(script: LoaderDoubleScript = {}): LoaderDouble {
  const ledger = new Map<string, CommittedLoad>();
  const announced: CommittedLoad[] = [];
  const waiting: (readonly [string, number])[] = [];
  let calls = 0;
  const loader = new Loader({
    catalog: script.catalog ?? { sources: [], datasets: new Map([['users', { name: 'users' } as Dataset]]) },
    source: { stage: (batch) => ({ announced: batch, groups: noGroups() }) },
    sink: {
      begun: async (names) =>
        new Set(names.filter((name) => [...ledger.values()].some((load) => load.dataset === name))),
      load: async (dataset, batches, { turn }) => {
        script.staged?.(batches);
        await turn;
        await script.merge?.(batches);
        calls++;
        const error = script.refuse?.(batches);
        if (error) throw error;
        const ids = batches.map((b) => b.announced.batchId);
        const fresh = ids.filter((id) => !ledger.has(id) && !script.waiting?.some((w) => w.batchId === id));
        const earlier = [...new Set(ids.flatMap((id) => ledger.get(id) ?? []))];
        const load = fresh.length > 0 ? committed(dataset.name, `load-${calls}`, fresh) : undefined;
        if (load) for (const id of fresh) ledger.set(id, load);
        return { ...(load && { load }), earlier, waiting: script.waiting ?? [] };
      },
    },
    announcer: {
      announce: async (load) => {
        await script.announce?.();
        announced.push(load);
      },
    },
    boundsOf: script.boundsOf ?? (() => ({ maxRows: 1_000, maxBatches: 10, maxBytes: 1e9 })),
    maxLoads: 2,
    events: silentEvents,
    onWaiting: (dataset, batches) => waiting.push([dataset, batches.length]),
  });
  return { loader, announced, waiting, calls: () => calls };
}

export const silentEvents: LoaderEvents = {
  loaded: () => undefined,
  loadFailed: () => undefined,
  unannounced: () => undefined,
  scanned: () => undefined,
  scanFailed: () => undefined,
  gapOpen: () => undefined,
  gapClosed: () => undefined,
};

export function announcedBatch(dataset: string, id: string): BatchWritten {
  return {
    format: 1,
    batchId: id.padEnd(26, 'a'),
    source: 'shop',
    dataset,
    lane: 'rows',
    range: { kind: 'run', run: id, part: 0 },
    rows: 1,
    contract: '0123456789ab',
    origin: 'test',
    firstPosition: `0000-${id.charCodeAt(0).toString(16).padStart(16, '0')}-00000000`,
    extractedAt: '2026-01-01T00:00:00Z',
    key: `${dataset}/date=2026-01-01/${id}.parquet`,
    bytes: 1,
    sha256: '0'.repeat(64),
  };
}

function committed(dataset: string, loadId: string, batchIds: readonly string[]): CommittedLoad {
  const counts = { in: 1, merged: 1, superseded: 0, duplicate: 0, quarantined: 0, held: 0, erased: 0 };
  return { loadId, dataset, batchIds, counts, touched: [], loadedAt: '2026-01-01T00:00:00Z' };
}

async function* noGroups(): AsyncGenerator<never> {}

import { describe, expect, it } from 'vitest';
import { scanLake } from './lake-scan.js';
import { announcedBatch, loaderDouble, silentEvents } from '../test/loader-double.js';

const batches = ['b', 'c', 'd', 'e', 'f'].map((id) => announcedBatch('users', id));

async function* list(): AsyncGenerator<(typeof batches)[number]> {
  yield* batches;
}

describe('scanLake', () => {
  it('loads what the ledger does not have, and nothing else', async () => {
    const { loader, announced } = loaderDouble();
    const known = new Set([batches[0]?.batchId ?? '', batches[3]?.batchId ?? '']);
    const options = { list, loaded: async () => known, loader, events: silentEvents, chunk: 2 };
    expect(await scanLake(options, {}, new AbortController().signal)).toBe(3);
    expect(announced.flatMap((l) => l.batchIds).sort()).toEqual(
      batches.map((b) => b.batchId).filter((id) => !known.has(id)),
    );
  });

  it('finds nothing in a lake that is loaded', async () => {
    const { loader, calls } = loaderDouble();
    const options = {
      list,
      loaded: async (ids: readonly string[]) => new Set(ids),
      loader,
      events: silentEvents,
      chunk: 2,
    };
    expect(await scanLake(options, {}, new AbortController().signal)).toBe(0);
    expect(calls()).toBe(0);
  });

  it('stops between batches when told to', async () => {
    const { loader } = loaderDouble();
    const options = { list, loaded: async () => new Set<string>(), loader, events: silentEvents, chunk: 2 };
    expect(await scanLake(options, {}, AbortSignal.abort())).toBe(0);
  });
});

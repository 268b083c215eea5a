import { describe, expect, it } from 'vitest';
import { announcedBatch, loaderDouble, silentEvents } from '../test/loader-double.js';
import { scanLake } from './lake-scan.js';

const batches = ['b', 'c', 'd', 'e', 'f'].map((id) => announcedBatch('users', id));

async function* unknown(): AsyncGenerator<(typeof batches)[number]> {
  yield* batches;
}

async function* nothing(): AsyncGenerator<never> {}

describe('scanLake', () => {
  it('loads what the ledger does not have, in chunks', async () => {
    const { loader, announced } = loaderDouble();
    const options = { unknown, loader, events: silentEvents, chunk: 2 };
    expect(await scanLake(options, {}, new AbortController().signal)).toBe(5);
    expect(announced.map((load) => load.batchIds.length)).toEqual([2, 2, 1]);
  });

  it('finds nothing in a lake that is loaded', async () => {
    const { loader, calls } = loaderDouble();
    const options = { unknown: nothing, loader, events: silentEvents, chunk: 2 };
    expect(await scanLake(options, {}, new AbortController().signal)).toBe(0);
    expect(calls()).toBe(0);
  });

  it('stops between batches when told to', async () => {
    const { loader, calls } = loaderDouble();
    const options = { unknown, loader, events: silentEvents, chunk: 2 };
    expect(await scanLake(options, {}, AbortSignal.abort())).toBe(0);
    expect(calls()).toBe(0);
  });
});

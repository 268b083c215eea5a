import type { Clock } from '@rollcall/kernel';
import { startS3Server, testFolder } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ObjectStore } from '../store/object-store.js';
import { openStore } from '../store/open-store.js';
import { getContract, putContract } from './contract-archive.js';
import { nextPoint, readCursor, writeCursor, type Cursor } from './cursor.js';
import { readDocument, updateDocument } from './document.js';
import { claimLease } from './lease.js';
import { openLake } from './open-lake.js';
import { checkLakeReadable, LAKE_FORMAT, proveStore } from './prove-store.js';
import { abandonedRuns, claimRun } from './run-claim.js';

function clockAt(micros: bigint): Clock & { at: bigint } {
  return {
    at: micros,
    nowMicros() {
      return this.at;
    },
  };
}

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

async function fileStore(): Promise<ObjectStore> {
  const folder = await testFolder();
  closing.push(() => folder.remove());
  return openStore({ url: folder.url });
}

async function s3Store(conditionalPut = true): Promise<ObjectStore> {
  const folder = await testFolder();
  const server = await startS3Server({ dir: folder.path, accessKey: 'key', secretKey: 'secret', conditionalPut });
  closing.push(
    () => folder.remove(),
    () => server.stop(),
  );
  return openStore({ url: 's3://lake', s3: { endpoint: server.url, accessKeyId: 'key', secretAccessKey: 'secret' } });
}

describe.each([
  ['file:', fileStore],
  ['s3:', s3Store],
])('state in a %s lake', (_, open) => {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await open();
  });

  it('is proved, again and again, and leaves no probe behind', async () => {
    await proveStore(store);
    await proveStore(store);
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual(['_state/format.json']);
    expect((await readDocument(store, '_state/format.json', z.object({ format: z.number() })))?.value.format).toBe(
      LAKE_FORMAT,
    );
  });

  it('gives points that never go back, to anybody, whatever the clocks say', async () => {
    const clock = clockAt(1_000_000n);
    expect(await nextPoint(store, 's', 'd', clock)).toEqual({ epoch: 0, point: 1_000_000n });
    expect(await nextPoint(store, 's', 'd', clock)).toEqual({ epoch: 0, point: 1_000_001n });
    clock.at = 5n;
    expect((await nextPoint(store, 's', 'd', clock)).point).toBe(1_000_002n);
    const many = await Promise.all(Array.from({ length: 6 }, () => nextPoint(store, 's', 'd', clock)));
    expect(new Set(many.map((m) => m.point)).size).toBe(6);
    clock.at = 2_000_000n;
    expect((await nextPoint(store, 's', 'd', clock)).point).toBe(2_000_000n);
    expect((await nextPoint(store, 's', 'another', clockAt(1n))).point).toBe(1n);
  });

  it('moves a cursor for one extractor and fences the other, and keeps it while points are given', async () => {
    const first: Cursor = { format: 1, epoch: 2, point: '100', samples: { any: ['thing', 1] } };
    const ours = await writeCursor(store, 'c', 'd', first);
    await expect(writeCursor(store, 'c', 'd', first)).rejects.toMatchObject({ code: 'lake/conflict' });
    expect(await readCursor(store, 'c', 'd')).toEqual(ours);
    const position = '0002-00000000000000c8-00000000';
    const next = await writeCursor(store, 'c', 'd', { ...first, point: '200', position, lastBatch: 'b' }, ours);
    await expect(writeCursor(store, 'c', 'd', { ...first, point: '300' }, ours)).rejects.toMatchObject({
      code: 'lake/conflict',
    });
    await expect(writeCursor(store, 'c', 'd', { ...first, point: '199' }, next)).rejects.toThrow(RangeError);
    await expect(writeCursor(store, 'c', 'd', { ...first, epoch: 1, point: '900' }, next)).rejects.toThrow(RangeError);
    expect(await nextPoint(store, 'c', 'd', clockAt(7n))).toEqual({ epoch: 2, point: 201n });
    expect((await readCursor(store, 'c', 'd'))?.value).toEqual({ ...first, point: '201', position, lastBatch: 'b' });
  });

  it('says which document is not of its form', async () => {
    await store.putIfAbsent('_state/bad/d.json', Buffer.from('{"epoch":"x"'));
    await expect(readCursor(store, 'bad', 'd')).rejects.toMatchObject({
      code: 'lake/corrupt',
      message: expect.stringContaining('_state/bad/d.json') as unknown,
    });
  });

  it('loses no update of a document', async () => {
    const count = z.object({ n: z.number() });
    await Promise.all(
      Array.from({ length: 8 }, () =>
        updateDocument(store, '_state/count.json', count, (c) => ({ n: (c?.n ?? 0) + 1 })),
      ),
    );
    expect((await readDocument(store, '_state/count.json', count))?.value).toEqual({ n: 8 });
    expect((await updateDocument(store, '_state/count.json', count, () => undefined))?.value).toEqual({ n: 8 });
  });

  it('leases to one, until its time is up', async () => {
    const clock = clockAt(1_000_000n);
    const claims = await Promise.all(
      ['a', 'b', 'c'].map((owner) => claimLease(store, '_state/leases/x', { owner, ttlMs: 1000, clock })),
    );
    const [held] = claims.filter((c) => c.kind === 'claimed');
    expect(claims.map((c) => c.kind).sort()).toEqual(['claimed', 'held', 'held']);
    if (held?.kind !== 'claimed') throw new Error('nobody got it');
    clock.at += 900_000n;
    expect(await held.lease.renew()).toBe(true);
    clock.at += 900_000n;
    expect(await claimLease(store, '_state/leases/x', { owner: 'd', ttlMs: 1000, clock })).toMatchObject({
      kind: 'held',
    });
    clock.at += 200_000n;
    const taken = await claimLease(store, '_state/leases/x', { owner: 'd', ttlMs: 1000, clock });
    if (taken.kind !== 'claimed') throw new Error('it should be free');
    expect(taken.lease.term).toBe(held.lease.term + 1);
    expect(await held.lease.renew()).toBe(false);
    expect(await held.lease.finish('late')).toBe(false);
    await taken.lease.release();
    const again = await claimLease(store, '_state/leases/x', { owner: 'e', ttlMs: 1000, clock });
    expect(again.kind).toBe('claimed');
  });

  it('claims a run once, resumes it when its holder is gone, and ends it for ever', async () => {
    const clock = clockAt(50_000_000n);
    const id = 'zoom:2026-01-01T00:00:00Z:replay:1';
    const first = await claimRun(store, id, { owner: 'a', ttlMs: 5000, clock });
    expect(first.kind).toBe('claimed');
    expect(await claimRun(store, id, { owner: 'b', ttlMs: 5000, clock })).toMatchObject({ kind: 'held', by: 'a' });
    const abandoned = async (): Promise<string[]> => {
      const ids: string[] = [];
      for await (const run of abandonedRuns(store, clock)) ids.push(run);
      return ids;
    };
    expect(await abandoned()).toEqual([]);
    clock.at += 6_000_000n;
    expect(await abandoned()).toEqual([id]);
    const resumed = await claimRun(store, id, { owner: 'b', ttlMs: 5000, clock });
    if (resumed.kind !== 'claimed') throw new Error('it should be free');
    expect(await resumed.lease.finish({ read: 7 })).toBe(true);
    clock.at += 60_000_000n;
    expect(await claimRun(store, id, { owner: 'c', ttlMs: 5000, clock })).toEqual({
      kind: 'finished',
      result: { read: 7 },
    });
    expect(await abandoned()).toEqual([]);
  });

  it('keeps the first text of a contract version', async () => {
    const dataset = { version: '0123456789ab', name: 'd' } as unknown as Parameters<typeof putContract>[1];
    await putContract(store, dataset);
    await putContract(store, { ...dataset, name: 'changed' });
    expect(await getContract(store, '0123456789ab')).toEqual({ version: '0123456789ab', name: 'd' });
    expect(await getContract(store, 'ffffffffffff')).toBeUndefined();
  });
});

describe('proving a lake', () => {
  it('refuses a store that ignores conditions, and cleans up', async () => {
    const store = await s3Store(false);
    await expect(proveStore(store)).rejects.toMatchObject({ code: 'lake/no-conditional-put' });
    for await (const { key } of store.list('')) throw new Error(`${key} was left behind`);
  });

  it('refuses a lake of a newer release', async () => {
    const store = await fileStore();
    await store.putIfAbsent('_state/format.json', Buffer.from('{"format": 2, "more": true}'));
    await expect(proveStore(store)).rejects.toMatchObject({ code: 'lake/format-newer' });
    await expect(checkLakeReadable(store)).rejects.toMatchObject({ code: 'lake/format-newer' });
  });

  it('is asked by services that only read without anything being written', async () => {
    const store = await fileStore();
    await checkLakeReadable(store);
    for await (const { key } of store.list('')) throw new Error(`${key} was written`);
  });

  it('comes before a service has its lake', async () => {
    const { url: LAKE_URL } = await fileStore();
    const read = await openLake({ LAKE_URL }, 'read');
    for await (const { key } of read.list('')) throw new Error(`${key} was written`);
    const write = await openLake({ LAKE_URL });
    expect(write.url).toBe(LAKE_URL);
    expect(await write.head('_state/format.json')).toBeDefined();
    await expect(openLake({ LAKE_URL, KUBERNETES_SERVICE_HOST: '10.0.0.1' })).rejects.toMatchObject({
      code: 'config/invalid',
    });
  });

  it('says what keeps it from the store', async () => {
    const folder = await testFolder();
    const server = await startS3Server({ dir: folder.path, accessKey: 'key', secretKey: 'secret' });
    const open = (url: string, secretAccessKey: string): Promise<ObjectStore> =>
      openStore({ url, s3: { endpoint: server.url, accessKeyId: 'key', secretAccessKey } });
    await expect(proveStore(await open('s3://lake', 'wrong'))).rejects.toMatchObject({ code: 'lake/denied' });
    await expect(proveStore(await open('s3://nobucket', 'secret'))).rejects.toMatchObject({ code: 'lake/unavailable' });
    await server.stop();
    await expect(proveStore(await open('s3://lake', 'secret'))).rejects.toMatchObject({ code: 'lake/unavailable' });
    await folder.remove();
  });
});

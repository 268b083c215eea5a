import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '@rollcall/kernel';
import { batchManifest, batchWritten, type BatchWritten } from '@rollcall/contracts';
import { faulty, testFolder, type FaultScript, type TestFolder } from '@rollcall/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../store/object-store.js';
import { openStore } from '../store/open-store.js';
import { fetchBatch } from './fetch-batch.js';
import { openBatch } from './open-batch.js';
import { listBatches, scanBatches, type ScanOptions } from './scan-batches.js';
import { groupOf } from '../../test/vector-file.js';
import { VectorBatchWriter } from './vector-batch-writer.js';
import { writeVectorBatch } from './vector-batch.js';
import { writeBatch, type NewBatch } from './write-batch.js';

const POSITIONS = ['0000-0000000000000001-00000000', '0000-0000000000000001-00000001'];

function batchOf(more: Partial<NewBatch> = {}, texts: readonly string[] = ['a', 'b']): NewBatch {
  return {
    source: 'app',
    dataset: 'events',
    lane: 'rows',
    range: { kind: 'run', run: 'r1', part: 0 },
    contract: '0123456789ab',
    origin: 'a test',
    extractedAt: '2026-01-02T03:04:05.000006Z',
    asOfDay: '2026-01-02',
    columns: [
      { name: '_position', type: { name: 'text' }, values: POSITIONS.slice(0, texts.length) },
      { name: 'text', type: { name: 'text' }, values: texts },
    ],
    ...more,
  };
}

describe('batches in a lake', () => {
  let folder: TestFolder;
  let store: ObjectStore;
  beforeEach(async () => {
    folder = await testFolder();
    store = await openStore({ url: folder.url });
  });
  afterEach(() => folder.remove());

  async function keys(): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of store.list('')) found.push(key);
    return found;
  }

  async function scanned(options?: ScanOptions): Promise<BatchWritten[]> {
    const found: BatchWritten[] = [];
    for await (const batch of scanBatches(store, options)) found.push(batch);
    return found;
  }

  it('say all about themselves', async () => {
    const needs = ['a'.repeat(26)];
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const after = '0000-0000000000000000-00000009';
    const written = await writeBatch(store, batchOf({ run: 'r1', trace, after, needs }));
    expect(batchWritten.schema.parse(written)).toEqual(written);
    expect(written).toMatchObject({
      rows: 2,
      run: 'r1',
      trace,
      after,
      needs,
      firstPosition: POSITIONS[0],
      lastPosition: POSITIONS[1],
    });
    expect(written.key).toBe(`events/date=2026-01-02/${written.batchId}.parquet`);
    const bytes = await fetchBatch(store, written);
    expect(bytes.byteLength).toBe(written.bytes);
    expect((await openBatch(bytes)).manifest).toEqual(batchManifest.parse(written));
    expect(await scanned()).toEqual([written]);
  });

  it('are written once, by whatever road a writer dies and comes back', async () => {
    const quiet = await testFolder();
    const expected = await writeBatch(await openStore({ url: quiet.url }), batchOf());
    await quiet.remove();
    const roads: readonly FaultScript<ObjectStore>[] = [
      { putIfAbsent: [{ kind: 'reject' }] },
      { putIfAbsent: [{ kind: 'lose-answer' }] },
      {
        putIfAbsent: [{ kind: 'lose-answer' }, { kind: 'reject' }, { kind: 'lose-answer' }],
        get: [{ kind: 'reject' }],
      },
    ];
    for (const road of roads) {
      const { key } = expected;
      await store.delete(key);
      const shaky = faulty(store, road);
      let written: BatchWritten | undefined;
      for (let tries = 0; written === undefined && tries < 10; tries += 1)
        written = await writeBatch(shaky, batchOf()).catch(() => undefined);
      expect(written).toEqual(expected);
      expect(await keys()).toEqual([key]);
      expect(Object.values(road).flat()).toEqual([]);
      expect(sha256Hex(await fetchBatch(store, expected))).toBe(expected.sha256);
    }
  });

  it('made of vectors are written once, when their writer ends again or another begins anew', async () => {
    const { columns, ...facts } = batchOf();
    const begun = async (): Promise<VectorBatchWriter> => {
      const writer = new VectorBatchWriter(columns);
      await writer.add(groupOf(columns));
      return writer;
    };
    const expected = await (await begun()).finish(store, facts);
    expect(batchWritten.schema.parse(expected)).toEqual(expected);
    expect(expected).toMatchObject({ rows: 2, firstPosition: POSITIONS[0], lastPosition: POSITIONS[1] });
    for (const death of ['reject', 'lose-answer'] as const) {
      for (const isSameWriter of [true, false]) {
        await store.delete(expected.key);
        const shaky = faulty(store, { putIfAbsent: [{ kind: death }] });
        const writer = await begun();
        await expect(writer.finish(shaky, facts)).rejects.toThrow();
        expect(await (isSameWriter ? writer : await begun()).finish(shaky, facts)).toEqual(expected);
        expect(await keys()).toEqual([expected.key]);
      }
    }
    // Whatever stands there first is what is announced.
    expect(
      await writeVectorBatch(store, { ...facts, extractedAt: '2027-01-01T00:00:00Z', groups: [groupOf(columns)] }),
    ).toEqual(expected);
  });

  it('are announced as they stand, not as a later try would have them', async () => {
    const first = await writeBatch(store, batchOf());
    const again = await writeBatch(store, batchOf({ extractedAt: '2027-01-01T00:00:00Z' }, ['other']));
    expect(again).toEqual(first);
  });

  it('written by many at once are one', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => writeBatch(store, batchOf({}, [`writer ${i}`]))));
    for (const one of all) expect(one).toEqual(all[0]);
    expect(await keys()).toHaveLength(1);
  });

  it('are found by dataset, lane and day, without opening what is known', async () => {
    const batches = [
      await writeBatch(store, batchOf({ dataset: 'a_1' })),
      await writeBatch(store, batchOf({ dataset: 'a_1', lane: 'rejected', asOfDay: '2026-01-05' })),
      await writeBatch(store, batchOf({ dataset: 'a', asOfDay: '2026-01-03' })),
      await writeBatch(store, batchOf({ dataset: 'zz', asOfDay: '2025-12-31' })),
    ];
    await store.putIfAbsent('_drops/answers/x.csv', Buffer.from('x'));
    await store.putIfAbsent('_state/runs/x', Buffer.from('x'));
    await store.putIfAbsent('a/date=2026-01-03/notes.txt', Buffer.from('x'));
    await store.putIfAbsent('readme', Buffer.from('x'));
    const ids = (found: readonly { key: string }[]): string[] => found.map((b) => b.key).sort();
    expect(ids(await scanned())).toEqual(ids(batches));
    expect(ids(await scanned({ dataset: 'a_1' }))).toEqual(ids(batches.slice(0, 2)));
    expect(ids(await scanned({ sinceDay: '2026-01-03' }))).toEqual(ids(batches.slice(1, 3)));
    expect(ids(await scanned({ isKnown: (id) => id === batches[2]?.batchId }))).toEqual(
      ids(batches.filter((_, i) => i !== 2)),
    );
    const opened = faulty(store, { stream: [{ kind: 'reject' }], get: [{ kind: 'reject' }] });
    const listed: string[] = [];
    for await (const { key } of listBatches(opened)) listed.push(key);
    expect(listed.sort()).toEqual(ids(batches));
  });

  it('that were damaged are told from those that are gone', async () => {
    const written = await writeBatch(store, batchOf());
    const path = join(folder.path, written.key);
    await expect(fetchBatch(store, { ...written, key: `${written.key}x` })).rejects.toMatchObject({
      code: 'lake/not-found',
    });
    const whole = Buffer.from(await fetchBatch(store, written));
    const damaged: Buffer[] = [
      whole.subarray(0, 100),
      Buffer.alloc(0),
      Buffer.from('PAR1'),
      Buffer.concat([whole, Buffer.from('x')]),
    ];
    for (const bytes of damaged) {
      await writeFile(path, bytes);
      await expect(fetchBatch(store, written)).rejects.toMatchObject({ code: 'lake/checksum-mismatch' });
      await expect(openBatch(bytes)).rejects.toMatchObject({ code: 'lake/corrupt' });
      await expect(scanned()).rejects.toMatchObject({ code: 'lake/corrupt' });
      const told: string[] = [];
      expect(await scanned({ onCorrupt: (key) => told.push(key) })).toEqual([]);
      expect(told).toEqual([written.key]);
    }
  });

  it('whose rows are damaged are refused when they are read', async () => {
    const { key } = await writeBatch(store, batchOf({}, ['some text', 'more text']));
    const bytes = Buffer.from((await store.get(key))?.bytes ?? []);
    bytes.fill(0xff, 4, 60);
    const batch = await openBatch(bytes);
    const read = async (): Promise<void> => {
      for await (const group of batch.groups()) expect(group.rowCount).toBe(0);
    };
    await expect(read()).rejects.toMatchObject({ code: 'lake/corrupt' });
  });

  it('under another key than their own are refused', async () => {
    const written = await writeBatch(store, batchOf());
    const other = written.key.replace(written.batchId, 'a'.repeat(26));
    await store.putIfAbsent(other, await fetchBatch(store, written));
    const told: string[] = [];
    expect(await scanned({ onCorrupt: (key) => told.push(key) })).toEqual([written]);
    expect(told).toEqual([other]);
  });
});

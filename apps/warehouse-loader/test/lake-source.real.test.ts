import { vectorOf } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import { formatPosition } from '@rollcall/kernel';
import { openStore, writeVectorBatch, type ObjectStore } from '@rollcall/lake';
import { testFolder } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { lakeSource } from '../src/lake-source.js';

async function written(store: ObjectStore, rowCount: number, width: number): Promise<BatchWritten> {
  const positions = Array.from({ length: rowCount }, (_, index) => formatPosition({ epoch: 1, point: 8n, index }));
  // Random bytes: compressed they are as many.
  const values = positions.map(() => Buffer.from(crypto.getRandomValues(new Uint8Array(width))));
  return writeVectorBatch(store, {
    source: 's',
    dataset: 'd',
    lane: 'rows',
    range: { kind: 'run', run: 'r', part: width },
    contract: '0123456789ab',
    origin: 'a test',
    extractedAt: '2026-01-01T00:00:00.000001Z',
    asOfDay: '2026-01-01',
    groups: [
      {
        rowCount,
        columns: [
          { name: '_position', type: { name: 'text' }, vector: vectorOf({ name: 'text' }, positions) },
          { name: 'bytes', type: { name: 'bytes' }, vector: vectorOf({ name: 'bytes' }, values) },
        ],
      },
    ],
  });
}

/** How often an object was asked for, whole or its end. */
function counted(store: ObjectStore): { readonly store: ObjectStore; readonly asked: string[] } {
  const asked: string[] = [];
  const get: ObjectStore['get'] = (key, range) => {
    asked.push(range === undefined ? 'whole' : 'end');
    return store.get(key, range);
  };
  const counting = new Proxy(store, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name);
      if (name === 'get') return get;
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
  return { store: counting, asked };
}

const rowsOf = async (groups: AsyncIterable<{ readonly rowCount: number }>): Promise<number> => {
  let rows = 0;
  for await (const { rowCount } of groups) rows += rowCount;
  return rows;
};

describe('lakeSource', () => {
  it.each([
    ['small', 10, ['whole']],
    ['large', 400, ['end', 'whole']],
  ] as const)('says the columns of a %s batch, and its rows as vectors and as values', async (_, width, expected) => {
    await using folder = await testFolder();
    const { store, asked } = counted(await openStore({ url: `file://${folder.path}/lake`, kubernetes: false }));
    const announced = await written(store, 1_000, width);
    asked.length = 0;
    const batch = lakeSource(store, { maxBytes: 1_000 }).stage(announced);
    expect(await batch.columns?.()).toEqual([
      { name: '_position', type: { name: 'text' } },
      { name: 'bytes', type: { name: 'bytes' } },
    ]);
    expect(await rowsOf(batch.vectors?.() ?? batch.groups)).toBe(1_000);
    expect(asked).toEqual(expected);
    expect(await rowsOf(batch.groups)).toBe(1_000);
    expect(await rowsOf(batch.vectors?.() ?? batch.groups)).toBe(1_000);
  });

  it('has one large object in memory where there is room for one, and lets go of it when its reader stops', async () => {
    await using folder = await testFolder();
    const { store, asked } = counted(await openStore({ url: `file://${folder.path}/lake`, kubernetes: false }));
    const announced = await written(store, 1_000, 400);
    asked.length = 0;
    const source = lakeSource(store, { maxBytes: 1_000 });
    const first = source.stage(announced).groups[Symbol.asyncIterator]();
    await first.next();
    const second = source.stage(announced).groups[Symbol.asyncIterator]();
    const next = second.next();
    await new Promise(setImmediate);
    expect(asked).toEqual(['whole']);
    await first.return?.();
    expect((await next).done).toBe(false);
    await second.return?.();
  });

  it('refuses an object that is not the one that was announced', async () => {
    await using folder = await testFolder();
    const store = await openStore({ url: `file://${folder.path}/lake`, kubernetes: false });
    const announced = await written(store, 10, 10);
    const source = lakeSource(store, { maxBytes: 1_000 });
    const other = source.stage({ ...announced, sha256: '0'.repeat(64) });
    await expect(other.columns?.()).rejects.toMatchObject({ code: 'lake/checksum-mismatch' });
    const gone = source.stage({ ...announced, bytes: 1_000_000, key: announced.key.replace('d/', 'e/') });
    await expect(gone.columns?.()).rejects.toMatchObject({ code: 'lake/not-found' });
  });
});

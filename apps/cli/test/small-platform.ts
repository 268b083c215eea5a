import { fileURLToPath } from 'node:url';
import { buildRowReader, loadCatalog, type Dataset, type Value } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import { seal, sha256Hex } from '@rollcall/kernel';
import { openStore, putContract, writeBatch, type LakeColumn, type ObjectStore } from '@rollcall/lake';
import {
  testDatabase,
  testFolder,
  testNats,
  type TestDatabase,
  type TestFolder,
  type TestNats,
} from '@rollcall/testkit';
import { loadGroup, migrate, openWarehouse, type Warehouse } from '@rollcall/warehouse';
import { stageBatch } from '../src/edges/stage-batch.js';
import type { CliWorld } from './run-cli.js';

export const KEY = 'a key for tests';
const CATALOG = fileURLToPath(new URL('../../../catalog', import.meta.url));
const TEXT = { name: 'text' } as const;

/** Lake, broker and migrated warehouse, filled by hand: what commands find when services have been at work. */
export interface SmallPlatform extends AsyncDisposable {
  readonly world: CliWorld;
  readonly warehouse: Warehouse;
  readonly store: ObjectStore;
  readonly nats: TestNats;
  readonly dataset: Dataset;
  /** Writes and loads a batch of app events. */
  events(id: string, records: readonly object[]): Promise<BatchWritten>;
  /** Writes and loads a batch that clears the whole dataset: held, because it would delete everything. */
  clear(id: string): Promise<BatchWritten>;
  /** Writes and loads a batch of records that could not be read. */
  rejected(id: string, records: readonly { readonly text: string; readonly reason: string }[]): Promise<BatchWritten>;
}

export async function smallPlatform(): Promise<SmallPlatform> {
  const [folder, lake, database, nats]: [TestFolder, TestFolder, TestDatabase, TestNats] = await Promise.all([
    testFolder(),
    testFolder(),
    testDatabase({
      template: { name: 'cli-migrated', build: async (url) => void (await migrate({ warehouseUrl: url })) },
    }),
    testNats(),
  ]);
  const store = await openStore({ url: lake.url });
  const warehouse = openWarehouse(database.url);
  const dataset = (await loadCatalog(CATALOG)).datasets.get('app_events');
  if (!dataset) throw new Error('the catalog has no app_events');
  await putContract(store, dataset);
  let point = 0n;

  async function put(
    lane: 'rows' | 'rejected',
    id: string,
    columns: (position: (i: number) => string) => LakeColumn[],
  ): Promise<BatchWritten> {
    point += 1n;
    const prefix = `0000-${point.toString(16).padStart(16, '0')}-`;
    const announced = await writeBatch(store, {
      source: 'app',
      dataset: 'app_events',
      lane,
      range: { kind: 'events', digest: sha256Hex(`${lane}/${id}`), count: 1 },
      contract: dataset?.version ?? '',
      origin: `test ${id}`,
      columns: columns((i) => prefix + i.toString(16).padStart(8, '0')),
      extractedAt: '2026-01-02T03:04:05Z',
      asOfDay: '2026-01-02',
    });
    if (dataset) await loadGroup(warehouse, dataset, [await stageBatch(store, announced)]);
    return announced;
  }

  return {
    world: {
      dir: folder.path,
      env: {
        NATS_URL: nats.url,
        WAREHOUSE_URL: database.url,
        LAKE_URL: lake.url,
        CATALOG_DIR: CATALOG,
        QUARANTINE_KEY: KEY,
      },
    },
    warehouse,
    store,
    nats,
    dataset,
    events(id, records) {
      const read = buildRowReader(dataset);
      const rows = records.map((record) => {
        const outcome = read(record);
        if (outcome.kind !== 'ok') throw new Error(`not a row: ${outcome.kind}`);
        return outcome.value;
      });
      return put('rows', id, (position) => [
        { name: '_position', type: TEXT, values: rows.map((_, i) => position(i)) },
        { name: '_op', type: TEXT, values: rows.map(() => 'u') },
        { name: '_rest', type: { name: 'json' }, values: rows.map((row) => row.rest) },
        ...dataset.columns.map(({ name, type }, c) => ({
          name,
          type,
          values: rows.map((row): Value => row.values[c] ?? null),
        })),
      ]);
    },
    clear(id) {
      return put('rows', id, (position) => [
        { name: '_position', type: TEXT, values: [position(0)] },
        { name: '_op', type: TEXT, values: ['t'] },
        { name: '_rest', type: { name: 'json' }, values: [null] },
        { name: '_scope', type: TEXT, values: ['[]'] },
        ...dataset.columns.map(({ name, type }) => ({ name, type, values: [null] })),
      ]);
    },
    rejected(id, records) {
      return put('rejected', id, (position) => [
        { name: '_position', type: TEXT, values: records.map((_, i) => position(i)) },
        { name: 'reason', type: TEXT, values: records.map(({ reason }) => reason) },
        { name: 'place', type: TEXT, values: records.map((_, i) => `message app_events:${i}`) },
        { name: 'contract', type: TEXT, values: records.map(() => dataset.version) },
        { name: 'length', type: { name: 'int4' }, values: records.map(({ text }) => text.length) },
        {
          name: 'sealed',
          type: { name: 'bytes' },
          values: records.map(({ text }, i) => seal(KEY, Buffer.from(text), `app_events:${position(i)}`)),
        },
        { name: 'format', type: TEXT, values: records.map(() => 'json') },
        { name: 'header', type: TEXT, values: records.map(() => null) },
      ]);
    },
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await Promise.all([database.drop(), nats[Symbol.asyncDispose](), lake.remove(), folder.remove()]);
    },
  };
}

/** An app event; every test says only what it is about. */
export function event(id: string, change: object = {}): object {
  return {
    id,
    received_at: '2026-01-02 03:04:05.678901',
    event: 'screen_opened',
    timestamp: '2026-01-02 03:04:05.678901',
    user_id: '9007199254740993',
    context_locale: 'de-DE',
    ...change,
  };
}

import { randomBytes } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRowReader, loadCatalog, type Catalog, type Dataset, type ReadRow } from '@rollcall/catalog';
import { digestId, isoMicros, positionIndex, positionPrefix, sha256Hex } from '@rollcall/kernel';
import { createLogger, createMetrics } from '@rollcall/service';
import { testDatabase, testFolder } from '@rollcall/testkit';
import { loadGroup, migrate, openWarehouse, type StagedColumn, type Warehouse } from '@rollcall/warehouse';
import { reportingEvents } from '../src/events.js';
import { Engine, type EngineOptions } from '../src/engine/engine.js';
import type { Served } from '../src/engine/ops-report.js';
import { refreshIdAt } from '../src/engine/refresh-id.js';
import { readFolder } from '../src/engine/report-folder.js';

export const REPORTS = fileURLToPath(new URL('../../../reports', import.meta.url));
const CATALOG = fileURLToPath(new URL('../../../catalog', import.meta.url));

export type SourceRecord = Readonly<Record<string, unknown>>;

export interface RunningEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** What was announced, in order. */
  readonly announced: readonly { readonly served: Served; readonly trace: string | undefined }[];
  stop(): Promise<void>;
}

/** A migrated warehouse with the catalog of the repository, a folder of reports, and engines over both. */
export interface EngineBed extends AsyncDisposable {
  readonly url: string;
  readonly warehouse: Warehouse;
  readonly catalog: Catalog;
  readonly reportsDir: string;
  /** Loads records in one transaction, as the loader does; returns the load's id. */
  load(dataset: string, records: readonly SourceRecord[], options?: LoadedAs): Promise<string>;
  /** A report of the repository. */
  shipped(...names: readonly string[]): Promise<void>;
  write(name: string, files: Readonly<Record<string, string>>): Promise<void>;
  remove(name: string): Promise<void>;
  start(options?: Partial<EngineOptions>): RunningEngine;
  rows<R extends object>(sql: string, values?: readonly unknown[]): Promise<readonly R[]>;
}

export interface LoadedAs {
  readonly extractedAt?: string;
  readonly op?: 'u' | 'd';
  readonly trace?: string;
}

const TEXT = { name: 'text' } as const;

export async function engineBed(): Promise<EngineBed> {
  const [database, folder, catalog] = await Promise.all([
    testDatabase({
      template: { name: 'reporting-engine', build: async (url) => void (await migrate({ warehouseUrl: url })) },
    }),
    testFolder(),
    loadCatalog(CATALOG),
  ]);
  const warehouse = openWarehouse(database.url, { maxConnections: 8 });
  const running = new Set<RunningEngine>();
  let point = 1_782_172_800_000_000n;

  function start(options: Partial<EngineOptions> = {}): RunningEngine {
    const announced: { readonly served: Served; readonly trace: string | undefined }[] = [];
    const nowMs = options.nowMs ?? (() => Date.now());
    const engine = new Engine({
      warehouse,
      readFolder: () => readFolder(warehouse, catalog, folder.path),
      announce: async (served, trace) => void announced.push({ served, trace }),
      events: reportingEvents(createLogger({ name: 'test', level: 'silent' }), createMetrics('test')),
      nowMs,
      newRefreshId: () => refreshIdAt(nowMs(), randomBytes(5)),
      ...options,
    });
    const stop = new AbortController();
    const ended = engine.run(stop.signal);
    // The test that waits for it must not have to guess.
    ended.catch((error: unknown) => console.error('the engine stopped', error));
    const one: RunningEngine = {
      engine,
      announced,
      async stop() {
        running.delete(one);
        stop.abort();
        await ended;
      },
      [Symbol.asyncDispose]: () => one.stop(),
    };
    running.add(one);
    return one;
  }

  return {
    url: database.url,
    warehouse,
    catalog,
    reportsDir: folder.path,
    start,
    rows: (sql, values) => warehouse.query(sql, values),
    async load(name, records, { extractedAt, op = 'u', trace } = {}) {
      const dataset = catalog.datasets.get(name);
      if (!dataset) throw new Error(`the catalog has no ${name}`);
      point += 1_000_003n;
      const prefix = positionPrefix(1, point);
      const result = await loadGroup(
        warehouse,
        dataset,
        [staged(dataset, prefix, records, extractedAt ?? isoMicros(point), op)],
        trace === undefined ? {} : { trace },
      );
      if (!result.load) throw new Error('nothing was loaded');
      return result.load.loadId;
    },
    async shipped(...names) {
      for (const name of names) await cp(join(REPORTS, name), join(folder.path, name), { recursive: true });
    },
    async write(name, files) {
      for (const [path, text] of Object.entries(files)) {
        const file = join(folder.path, name, path);
        await mkdir(join(file, '..'), { recursive: true });
        await writeFile(file, text);
      }
    },
    remove: (name) => rm(join(folder.path, name), { recursive: true }),
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((one) => one.stop()));
      await warehouse.close();
      await database.drop();
      await folder.remove();
    },
  };
}

function staged(
  dataset: Dataset,
  prefix: string,
  records: readonly SourceRecord[],
  extractedAt: string,
  op: 'u' | 'd',
): Parameters<typeof loadGroup>[2][number] {
  const read = buildRowReader(dataset);
  const rows: readonly ReadRow[] = records.map((record) => {
    const outcome = read(record);
    if (outcome.kind !== 'ok') throw new Error(`not a row: ${JSON.stringify(record)}: ${outcome.kind}`);
    return outcome.value;
  });
  const batchId = digestId(dataset.name, prefix);
  const columns: readonly StagedColumn[] = [
    { name: '_position', type: TEXT, values: rows.map((_, at) => prefix + positionIndex(at)) },
    { name: '_op', type: TEXT, values: rows.map(() => op) },
    ...(dataset.keyForm === 'hash' ? [{ name: '_key', type: TEXT, values: rows.map(({ key }) => key) }] : []),
    { name: '_rest', type: { name: 'json' } as const, values: rows.map(({ rest }) => rest) },
    ...dataset.columns.map(({ name, type }, c) => ({
      name,
      type,
      values: rows.map(({ values }) => values[c] ?? null),
    })),
  ];
  return {
    announced: {
      format: 1,
      batchId,
      source: dataset.source,
      dataset: dataset.name,
      lane: 'rows',
      range: { kind: 'events', digest: sha256Hex(batchId), count: rows.length },
      rows: rows.length,
      contract: dataset.version,
      origin: 'test',
      extractedAt,
      key: `${dataset.name}/date=2026-01-02/${batchId}.parquet`,
      bytes: 1_000,
      sha256: sha256Hex(batchId),
    },
    groups: {
      async *[Symbol.asyncIterator]() {
        yield { rowCount: rows.length, columns };
      },
    },
  };
}

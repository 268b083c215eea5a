import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCatalog, vectorValues, type Dataset } from '@rollcall/catalog';
import { positionIndex, positionPrefix } from '@rollcall/kernel';
import { openStore, writeBatch, type LakeColumn, type ObjectStore } from '@rollcall/lake';
import {
  columnCodec,
  connectSource,
  copyVectors,
  describeTable,
  identifySystem,
  quoteSourceIdentifier,
} from '@rollcall/source-postgres';
import { testDatabase, testFolder, type TestDatabase, type TestFolder } from '@rollcall/testkit';
import { loadGroup, migrate, openWarehouse, type Warehouse } from '@rollcall/warehouse';
import pg from 'pg';
import { stageBatch } from '../src/edges/stage-batch.js';
import { jsonLines, runCli, type CliRun } from './run-cli.js';

const TEXT = { name: 'text' } as const;

/** A source, and a warehouse that was loaded from it: by the codecs, the lake and the loader that do it in production. */
export class ComparedWorld implements AsyncDisposable {
  readonly #folder: TestFolder;
  readonly #databases: readonly TestDatabase[];
  readonly #store: ObjectStore;
  readonly #warehouse: Warehouse;

  private constructor(
    /** Of the source. */
    readonly source: pg.Client,
    /** Of the warehouse, as somebody who may do anything. */
    readonly hand: pg.Client,
    rest: { folder: TestFolder; databases: readonly TestDatabase[]; store: ObjectStore; warehouse: Warehouse },
  ) {
    this.#folder = rest.folder;
    this.#databases = rest.databases;
    this.#store = rest.store;
    this.#warehouse = rest.warehouse;
  }

  static async make(datasets: string, ddl: string): Promise<ComparedWorld> {
    const folder = await testFolder();
    const build = async (url: string): Promise<void> => void (await migrate({ warehouseUrl: url }));
    const databases = [
      await testDatabase(),
      await testDatabase({ template: { name: 'cli-migrated', build } }),
    ] as const;
    const [source, hand] = await Promise.all(
      databases.map(async ({ url }) => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        return client;
      }),
    );
    if (!source || !hand) throw new Error('two clients were wanted');
    await source.query(ddl);
    await mkdir(join(folder.path, 'catalog'));
    const head = 'source: shop\nkind: postgres\nconnection: SHOP_URL\ndatasets:\n';
    await writeFile(join(folder.path, 'catalog', 'shop.yaml'), `${head}${datasets.replaceAll(/^(?=.)/gm, '  ')}\n`);
    const store = await openStore({ url: `${folder.url}/lake` });
    const warehouse = openWarehouse(databases[1].url);
    return new ComparedWorld(source, hand, { folder, databases, store, warehouse });
  }

  /** Reads a table whole and loads it, without its last `t`. */
  async load(name: string): Promise<void> {
    const dataset = await this.#dataset(name);
    const client = await connectSource(this.#url(0), { applicationName: 'test' });
    const { lsn } = await identifySystem(client);
    const from = dataset.from ?? name;
    const table = await describeTable(client, from);
    const planned = (table?.columns ?? []).map((column) => ({
      column,
      sql: quoteSourceIdentifier(column.name),
      codec: columnCodec(column.type),
    }));
    const values = planned.map((): LakeColumn['values'][number][] => []);
    const request = { columns: planned, from: `FROM ${from}`, maxRows: 1_000, maxBytes: 1 << 20 };
    for await (const { vectors } of copyVectors(client, request))
      planned.forEach(({ codec }, at) => {
        const vector = vectors[at];
        if (vector) values[at]?.push(...vectorValues(codec.logical, vector));
      });
    await client.end();
    const rows = (values[0] ?? []).map((_, at) => at);
    const announced = await writeBatch(this.#store, {
      source: 'shop',
      dataset: name,
      lane: 'rows',
      range: { kind: 'run', run: randomBytes(6).toString('hex'), part: 0 },
      contract: dataset.version,
      origin: 'a test',
      extractedAt: '2026-01-02T03:04:05Z',
      asOfDay: '2026-01-02',
      columns: [
        { name: '_position', type: TEXT, values: rows.map((at) => positionPrefix(0, lsn) + positionIndex(at + 1)) },
        { name: '_op', type: TEXT, values: rows.map(() => 'u') },
        ...planned.map(({ column, codec }, at) => ({
          name: column.name,
          type: codec.logical,
          values: values[at] ?? [],
        })),
      ],
    });
    await loadGroup(this.#warehouse, dataset, [await stageBatch(this.#store, announced)]);
  }

  run(...args: readonly string[]): Promise<CliRun> {
    const env = {
      SHOP_URL: this.#url(0),
      WAREHOUSE_URL: this.#url(1),
      CATALOG_DIR: join(this.#folder.path, 'catalog'),
    };
    return runCli({ env, dir: this.#folder.path }, 'reconcile', ...args);
  }

  /** One comparison, as programs see it. */
  async summary(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const run = await this.run(...args, '--json', '--show-keys');
    const [summary] = jsonLines(run);
    if (!summary) throw new Error(run.err);
    return { ...summary, code: run.code };
  }

  async #dataset(name: string): Promise<Dataset> {
    const dataset = (await loadCatalog(join(this.#folder.path, 'catalog'))).datasets.get(name);
    if (!dataset) throw new Error(`no ${name}`);
    return dataset;
  }

  #url(at: number): string {
    return this.#databases[at]?.url ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.source.end(), this.hand.end(), this.#warehouse.close()]);
    for (const database of this.#databases) await database.drop();
    await this.#folder.remove();
  }
}

import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testDatabase, testFolder, until, type TestDatabase } from '@rollcall/testkit';
import pg from 'pg';
import { openStage, type Stage } from './stage.js';

/** A platform that reads a production database of the test's own. */
export interface DatabaseStage extends Stage {
  readonly source: TestDatabase;
  /** Runs SQL on the source: several statements are one round trip. */
  sql(text: string): Promise<void>;
  sourceRows<R extends pg.QueryResultRow>(text: string): Promise<readonly R[]>;
  /** Starts extractor and loader. */
  startCapture(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Waits until a query gives the same rows on the source and, with `warehouse`, on the warehouse; says the difference when not. */
  same(source: string, warehouse: string, timeoutMs?: number): Promise<void>;
}

/**
 * @param catalog the datasets of the source, as YAML below `datasets:`; @param prepare SQL that makes its tables before anything is read
 */
export async function openDatabaseStage(options: {
  readonly datasets: string;
  readonly prepare: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of the source, such as a schedule. */
  readonly extra?: string;
}): Promise<DatabaseStage> {
  const folder = await testFolder();
  const source = await testDatabase();
  const catalogDir = join(folder.path, 'catalog');
  await mkdir(catalogDir);
  // Slots are names of the whole server, which tests share.
  const slot = `rollcall_${randomBytes(6).toString('hex')}`;
  await writeFile(
    join(catalogDir, 'shop.yaml'),
    `source: shop\nkind: postgres\nconnection: SHOP_URL\nlog: { slot: ${slot}, publication: rollcall_shop }\n${options.extra ?? ''}\ndatasets:\n${indented(options.datasets)}`,
  );
  const pool = new pg.Pool({ connectionString: source.url, max: 8 });
  pool.on('error', () => undefined);
  await pool.query(options.prepare);
  // What a killed process held is taken over soon.
  const env = { CATALOG_DIR: catalogDir, SHOP_URL: source.url, LEASE_SECONDS: '3', ...options.env };
  const stage = await openStage(env);
  const sourceRows = async <R extends pg.QueryResultRow>(text: string): Promise<readonly R[]> =>
    (await pool.query<R>(text)).rows;
  return {
    ...stage,
    source,
    sql: async (text) => void (await pool.query(text)),
    sourceRows,
    async startCapture(env = {}) {
      await Promise.all([stage.platform.start('cdc-extractor', env), stage.platform.start('warehouse-loader')]);
    },
    async same(there, here, timeoutMs = 60_000) {
      let seen = '';
      let wanted = '';
      await until(
        async () => {
          wanted = JSON.stringify(await sourceRows(there));
          seen = JSON.stringify(await stage.rows(here));
          return seen === wanted;
        },
        { what: 'the warehouse to say what the source says', timeoutMs, everyMs: 150 },
      ).catch((cause: unknown) => {
        throw new Error(`source ${cut(wanted)}\nwarehouse ${cut(seen)}\n${tails(stage)}`, { cause });
      });
    },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      await pool.end();
      await source.drop();
      await folder.remove();
    },
  };
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function cut(text: string): string {
  return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
}

function tails(stage: Stage): string {
  return (['cdc-extractor', 'warehouse-loader'] as const)
    .map((name) => {
      try {
        return `${name}:\n${stage.platform.service(name).lines.slice(-15).join('\n')}`;
      } catch {
        return `${name} was not started`;
      }
    })
    .join('\n');
}

import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { removePostgres, startPostgres } from '@rollcall/embedded';
import type { TestServices } from './provided-services.js';
import { testFolder } from './test-folder.js';

/** Vitest calls the set-up once per project; all projects of a run share the services, the last one stops them. */
interface Shared {
  readonly started: Promise<{ readonly services: TestServices; stop(): Promise<void> }>;
  users: number;
}

const SHARED = Symbol.for('rollcall.testkit.services');

/** Speed instead of safety: the data lives as long as the run. Logical WAL, so that replication can be tested. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  shared_buffers: '128MB',
  wal_level: 'logical',
  max_prepared_transactions: '20',
  max_replication_slots: '60',
  max_wal_senders: '60',
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const holder = globalThis as { [SHARED]?: Shared };
  const shared = (holder[SHARED] ??= { started: start(process.env['TEST_DATABASE_URL']), users: 0 });
  shared.users += 1;
  const { services, stop } = await shared.started;
  project.provide('testServices', services);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete holder[SHARED];
    await stop();
  };
}

async function start(external: string | undefined): Promise<{ services: TestServices; stop(): Promise<void> }> {
  const runId = randomBytes(4).toString('hex');
  if (external !== undefined) {
    await assertAnswers(external);
    const services = { postgresUrl: external, runId };
    return { services, stop: () => dropDatabases(services) };
  }
  const folder = await testFolder();
  // Under root the server runs as another account, which must reach its data.
  await chmod(folder.path, 0o755);
  const server = await startPostgres({ dir: folder.path, settings: SETTINGS });
  return {
    services: { postgresUrl: server.url, runId },
    async stop() {
      await server.stop(5_000);
      await removePostgres(folder.path);
    },
  };
}

async function assertAnswers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (cause) {
    throw new Error(
      'TEST_DATABASE_URL is set, but no PostgreSQL answers there: mend it, or unset it to use the embedded one',
      { cause },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A server that is not ours is left as it was found. */
async function dropDatabases(services: TestServices): Promise<void> {
  const client = new pg.Client({ connectionString: services.postgresUrl });
  await client.connect();
  try {
    const left = await client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
      `rollcall_test_${services.runId}_%`,
    ]);
    for (const { datname } of left.rows) {
      await client.query(`ALTER DATABASE ${client.escapeIdentifier(datname)} IS_TEMPLATE false`);
      await client.query(`DROP DATABASE ${client.escapeIdentifier(datname)} WITH (FORCE)`);
    }
  } finally {
    await client.end();
  }
}

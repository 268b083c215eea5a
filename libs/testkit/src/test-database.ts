import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type {} from './provided-services.js';

/** A state that many tests start from, such as a migrated warehouse. Built once per run, then cloned. */
export interface DatabaseTemplate {
  /** Same name, same content: tests that want another content choose another name. */
  readonly name: string;
  /** Fills the empty database at `url`. Must close its connections before it settles. */
  readonly build: (url: string) => Promise<void>;
}

/** A database of one test's own. Disposing drops it, with whoever is still connected. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
  drop(): Promise<void>;
}

/** Makes a database, empty or as a clone of `template`. Needs the global set-up of the `real`, `fault` or e2e project. */
export async function testDatabase(options: { readonly template?: DatabaseTemplate } = {}): Promise<TestDatabase> {
  const { runId } = inject('testServices');
  const name = `rollcall_test_${runId}_${randomBytes(6).toString('hex')}`;
  const source = options.template === undefined ? 'template0' : await builtTemplate(options.template, runId);
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${source}`));
  async function drop(): Promise<void> {
    await asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
  return { url: urlOf(name), name, drop, [Symbol.asyncDispose]: drop };
}

/** Builds under a lock on the server, so that parallel workers build once; renamed last, so that half-built is unseen. */
async function builtTemplate(template: DatabaseTemplate, runId: string): Promise<string> {
  const digest = createHash('sha256').update(template.name).digest();
  const name = `rollcall_test_${runId}_t_${digest.toString('hex').slice(0, 16)}`;
  await asAdmin(async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1, $2)', [0x726f6c6c, digest.readInt32BE(0)]);
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return;
    await admin.query(`DROP DATABASE IF EXISTS ${name}_new WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${name}_new TEMPLATE template0`);
    await template.build(urlOf(`${name}_new`));
    await admin.query(`ALTER DATABASE ${name}_new WITH ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [`${name}_new`]);
    await admin.query(`ALTER DATABASE ${name}_new RENAME TO ${name}`);
  });
  return name;
}

function urlOf(database: string): string {
  const url = new URL(inject('testServices').postgresUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** One short connection per act: its end releases the lock, also when the act throws. */
async function asAdmin<T>(act: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: inject('testServices').postgresUrl });
  await admin.connect();
  try {
    return await act(admin);
  } finally {
    await admin.end();
  }
}

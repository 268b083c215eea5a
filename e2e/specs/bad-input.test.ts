import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { SERVICE_NODE_FLAGS, freePort } from '@rollcall/embedded';
import {
  spawnApp,
  startS3Server,
  testDatabase,
  testFolder,
  testNats,
  type S3Server,
  type TestDatabase,
  type TestFolder,
  type TestNats,
} from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tcpDouble } from '../tcp-double.js';

/** Stands in every wrong address and key: what no screen may show. */
const SECRET = 'hunter2-do-not-show';
/** sysexits: the settings are wrong; something needed is not there. */
const [CONFIG, UNAVAILABLE] = [78, 69];
const AWS = { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'right' };

vi.setConfig({ testTimeout: 40_000 });

type Env = Readonly<Record<string, string>>;

let folder: TestFolder;
let nats: TestNats;
let guarded: TestNats;
let database: TestDatabase;
let unmigrated: TestDatabase;
let s3: S3Server;
let loose: S3Server;
let good: Env;

beforeAll(async () => {
  folder = await testFolder();
  nats = await testNats();
  guarded = await testNats({ extraConfig: `authorization { users: [{ user: me, password: right }] }` });
  database = await testDatabase();
  unmigrated = await testDatabase();
  const keys = { accessKey: 'AK', secretKey: 'right' };
  s3 = await startS3Server({ dir: join(folder.path, 's3'), ...keys });
  loose = await startS3Server({ dir: join(folder.path, 'loose'), ...keys, conditionalPut: false });
  const lake = join(folder.path, 'lake');
  await mkdir(lake);
  good = { NATS_URL: nats.url, WAREHOUSE_URL: database.url, LAKE_URL: `file://${lake}`, PORT: '0' };
  const migrated = await screenOf('cli', {}, 'migrate');
  expect(migrated.code, migrated.text).toBe(0);
}, 60_000);

afterAll(async () => {
  await Promise.all([s3.stop(), loose.stop(), nats[Symbol.asyncDispose](), guarded[Symbol.asyncDispose]()]);
  await Promise.all([database.drop(), unmigrated.drop()]);
  await folder.remove();
});

interface Screen {
  readonly code: number | null;
  readonly text: string;
}

/** Runs an app that should end by itself; `env` stands over settings that are right. */
async function screenOf(app: string, env: Env, ...args: readonly string[]): Promise<Screen> {
  const execArgv = app === 'cli' ? [] : SERVICE_NODE_FLAGS;
  await using running = spawnApp({ app, args, env: { ...good, NO_COLOR: '1', LOG_LEVEL: 'fatal', ...env }, execArgv });
  const { code } = await running.exited;
  const text = running.lines.join('\n');
  expect(text).not.toContain(SECRET);
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  return { code, text };
}

/** A catalog with two faults in one file and one in another. */
async function brokenCatalog(): Promise<string> {
  const dir = join(folder.path, 'broken-catalog');
  await mkdir(dir, { recursive: true });
  const dataset = 'key: [nope]\n    columns: { at: timestamptz }\n    history: sdc2';
  await writeFile(join(dir, 'shop.yaml'), `source: shop\nkind: logs\ndatasets:\n  orders:\n    ${dataset}\n`);
  await writeFile(join(dir, 'torn.yaml'), 'source: [torn\n');
  return dir;
}

const CATALOG_FAULTS = [/shop\.yaml:5:\d+: .*unknown-column/, /shop\.yaml:7:\d+: .*scd2/, /torn\.yaml:\d+:\d+: .*yaml/];

describe.concurrent('a start with one thing wrong ends on one screen', () => {
  const wrong: Record<string, () => Promise<{ env: Env; code: number; facts: readonly (string | RegExp)[] }>> = {
    'a catalog with faults in several files': async () => ({
      env: { CATALOG_DIR: await brokenCatalog() },
      code: CONFIG,
      facts: ['catalog/invalid', ...CATALOG_FAULTS, 'rollcall catalog check'],
    }),
    'a broker that nobody is': async () => ({
      env: { NATS_URL: `nats://me:${SECRET}@127.0.0.1:${await freePort()}` },
      code: UNAVAILABLE,
      facts: ['nats/unavailable', 'NATS_URL', 'connection refused', '-> Check that nats-server runs'],
    }),
    'a password the broker refuses': async () => ({
      env: { NATS_URL: guarded.url, NATS_USER: 'me', NATS_PASSWORD: SECRET },
      code: UNAVAILABLE,
      facts: ['nats/unavailable', 'the credentials were refused'],
    }),
    'a warehouse that nobody is': async () => ({
      env: { WAREHOUSE_URL: `postgres://me:${SECRET}@127.0.0.1:${await freePort()}/db` },
      code: UNAVAILABLE,
      facts: ['warehouse/unavailable', /WAREHOUSE_URL \(127\.0\.0\.1:\d+\/db\)/, 'ECONNREFUSED'],
    }),
    'a password the warehouse refuses': async () => ({
      env: { WAREHOUSE_URL: changed(database.url, { password: SECRET }) },
      code: UNAVAILABLE,
      facts: ['warehouse/denied', 'user or password are refused', 'Check user and password'],
    }),
    'a database that is not there': async () => ({
      env: { WAREHOUSE_URL: changed(database.url, { pathname: '/absent' }) },
      code: UNAVAILABLE,
      facts: ['warehouse/unavailable', '/absent', 'no such database'],
    }),
    'a warehouse that is a broker': async () => ({
      env: { WAREHOUSE_URL: `postgres://me:${SECRET}@127.0.0.1:${nats.port}/db` },
      code: UNAVAILABLE,
      facts: ['warehouse/unavailable', `127.0.0.1:${nats.port}/db`],
    }),
    'a bucket that is not there': async () => ({
      env: { LAKE_URL: 's3://absent/lake', AWS_ENDPOINT_URL_S3: s3.url, ...AWS },
      code: UNAVAILABLE,
      facts: ['lake/unavailable', 's3://absent/lake', 'NoSuchBucket', 'Check LAKE_URL'],
    }),
    'keys the store refuses': async () => ({
      env: { LAKE_URL: 's3://lake', AWS_ENDPOINT_URL_S3: s3.url, ...AWS, AWS_SECRET_ACCESS_KEY: SECRET },
      code: UNAVAILABLE,
      facts: ['lake/denied', 's3://lake', 'read, write and list rights'],
    }),
    'a store without conditional put': async () => ({
      env: { LAKE_URL: 's3://lake', AWS_ENDPOINT_URL_S3: loose.url, ...AWS },
      code: UNAVAILABLE,
      facts: ['lake/no-conditional-put', 's3://lake', 'If-None-Match'],
    }),
    'a lake that is a file': async () => ({
      env: { LAKE_URL: `file://${join(import.meta.dirname, 'bad-input.test.ts')}` },
      code: UNAVAILABLE,
      facts: ['lake/unavailable', 'bad-input.test.ts', 'ENOTDIR'],
    }),
  };

  it.each(Object.keys(wrong))('%s', async (name) => {
    const { env, code, facts } = (await wrong[name]?.()) ?? { env: {}, code: 0, facts: [] };
    const screen = await screenOf('warehouse-loader', env);
    expect(screen).toEqual({ code, text: expect.stringMatching(/^warehouse-loader cannot run: \S+\n/) });
    for (const fact of facts) expect(screen.text).toMatch(typeof fact === 'string' ? literal(fact) : fact);
  });

  it('a nats-server that is too old', async () => {
    const info = { server_id: 'x', version: '2.8.4', proto: 1, headers: true, jetstream: true, max_payload: 1_048_576 };
    await using old = await tcpDouble(`INFO ${JSON.stringify(info)}`);
    const { code, text } = await screenOf('ingest-logs', { NATS_URL: `nats://${old.place}` });
    expect({ code, text }).toEqual({ code: UNAVAILABLE, text: expect.stringContaining('nats/too-old') });
    expect(text).toContain('2.8.4');
    expect(text).toContain('-> Run nats-server 2.9 or newer with JetStream switched on.');
  });

  it('a broker and a lake that take connections and say nothing: given up in time', async () => {
    await using silent = await tcpDouble();
    const started = performance.now();
    const lake = { LAKE_URL: 's3://lake', AWS_ENDPOINT_URL_S3: `http://${silent.place}`, ...AWS };
    const { code, text } = await screenOf('ingest-logs', { NATS_URL: `nats://${silent.place}`, ...lake });
    expect(performance.now() - started).toBeLessThan(25_000);
    expect(code).toBe(UNAVAILABLE);
    expect(text).toContain('no greeting in 5000 ms; is it a nats-server?');
    expect(text).toContain('LAKE_URL: no answer in 10 s');
  });
});

describe('several things wrong at once are named together', () => {
  it('settings', async () => {
    const env = { NATS_URL: 'http://x', LAKE_URL: '', PORT: SECRET, HOST: '0.0.0.0' };
    const { code, text } = await screenOf('ingest-logs', env);
    expect(code).toBe(CONFIG);
    for (const name of [
      'NATS_URL: is not of the form',
      'LAKE_URL: is missing',
      'PORT: is not',
      'INGEST_TOKEN is required',
    ])
      expect(text).toContain(name);
  });

  it('catalog, lake, warehouse and broker, by a service and by doctor', async () => {
    const env = {
      CATALOG_DIR: await brokenCatalog(),
      NATS_URL: changed(guarded.url, { username: 'me', password: SECRET }),
      WAREHOUSE_URL: changed(database.url, { password: SECRET }),
      LAKE_URL: 's3://lake',
      AWS_ENDPOINT_URL_S3: loose.url,
      ...AWS,
    };
    const service = await screenOf('warehouse-loader', env);
    const doctor = await screenOf('cli', env, 'doctor');
    expect([service.code, doctor.code]).toEqual([CONFIG, 1]);
    const codes = ['catalog/invalid', 'lake/no-conditional-put', 'warehouse/denied', 'nats/unavailable'];
    for (const { text } of [service, doctor]) {
      for (const code of codes) expect(text).toContain(code);
      for (const fault of CATALOG_FAULTS) expect(text).toMatch(fault);
    }
    expect(doctor.text).toContain('4 faults');
  });

  it('doctor goes on past settings that are wrong, and names what was not migrated', async () => {
    const env = { NATS_URL: 'http://x', LAKE_URL: 'ftp://x', WAREHOUSE_URL: unmigrated.url };
    const { code, text } = await screenOf('cli', env, 'doctor');
    expect(code).toBe(1);
    for (const fact of ['NATS_URL', 'LAKE_URL', 'warehouse/schema-behind', 'rollcall migrate', '3 faults'])
      expect(text).toContain(fact);
  });
});

describe('the command line and the end of a service', () => {
  it.each([[['frobnicate']], [['migrate', '--wat']], [['quarantine', 'frobnicate']]])('refuses %j', async (args) => {
    const { code, text } = await screenOf('cli', {}, ...args);
    expect(code).toBe(2);
    expect(text).toMatch(/unknown (command|option) '(frobnicate|--wat)'/);
    expect(text).toContain('--help');
  });

  it('a port in use closes all that was opened and says so', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, text } = await screenOf('warehouse-loader', { PORT: String(port) });
    holder.close();
    expect({ code, text }).toEqual({ code: CONFIG, text: expect.stringContaining(`PORT: ${port} is in use`) });
  });

  it('hears a signal while it still starts', async () => {
    await using silent = await tcpDouble();
    const env = { ...good, WAREHOUSE_URL: `postgres://me@${silent.place}/db`, LOG_LEVEL: 'debug' };
    await using app = spawnApp({ app: 'warehouse-loader', env, execArgv: SERVICE_NODE_FLAGS });
    await silent.reached;
    const started = performance.now();
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('a collector that does not answer makes no stop slow or unclean', async () => {
    await using silent = await tcpDouble();
    const env = { ...good, LOG_LEVEL: 'info', OTEL_EXPORTER_OTLP_ENDPOINT: `http://${silent.place}` };
    const execArgv = [...SERVICE_NODE_FLAGS, '--import', '@rollcall/service/telemetry'];
    await using app = spawnApp({ app: 'ingest-logs', env, execArgv });
    await app.line(/service ready/);
    const { url }: { url: string } = JSON.parse(await app.line(/service listens/));
    // A span that the collector never takes; without one there is nothing to flush.
    const answer = await fetch(`${url}/v1/events/no_such_dataset`, { method: 'POST', body: '{}' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, expect.stringContaining('problem+json')]);
    const started = performance.now();
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(8_000);
    await app.line(/flush telemetry.*shutdown phase given up/);
  });
});

function changed(url: string, parts: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(url), parts).href;
}

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
}

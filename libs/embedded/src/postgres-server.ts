import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ChildServer } from './child-server.js';
import type { EmbeddedServer } from './embedded-server.js';
import { noteOwner, releaseFolder, takeFolder } from './folder-owner.js';
import { choosePort, rememberPort } from './free-port.js';
import { findPostgres } from './postgres-binaries.js';
import { dataFolder, initialised, SUPERUSER } from './postgres-data.js';
import { postgresUser } from './system-user.js';

export { removePostgres } from './postgres-data.js';

const HOST = '127.0.0.1';
/** Includes crash recovery after a kill. */
const START_LIMIT_MS = 60_000;
const START_TRIES = 100;
/** The longest path a Unix socket may have on every system, bytes. */
const MAX_SOCKET_PATH = 103;

export interface PostgresOptions {
  /** The server's folder: data, log, password, port. Made when absent. */
  readonly dir: string;
  /** Wanted port; another is taken when it is in use. Default: the one this folder had, else any free one. */
  readonly port?: number;
  /** Server settings, such as `{ wal_level: 'logical' }`. A server with a logical slot needs them at every start. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Databases to make when absent. `url` names the first of them, else `postgres`. */
  readonly databases?: readonly string[];
  /** The folder with `initdb` and `postgres`. Default: the npm package, else the newest in /usr/lib/postgresql. */
  readonly binaries?: string;
}

/** A running PostgreSQL that answers on 127.0.0.1 to its superuser alone. */
export interface PostgresServer extends EmbeddedServer {
  /** Such as `18.4`. */
  readonly version: string;
  /** The URL of a database of this server. */
  urlOf(database: string): string;
}

/**
 * Starts PostgreSQL on the data of `dir`, made on the first start. As root it runs as an unprivileged account.
 * @throws RollcallError embedded/no-binary, embedded/not-started, embedded/in-use
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dir = resolve(options.dir);
  await mkdir(dir, { recursive: true, mode: 0o755 });
  await takeFolder(dir);
  const user = await postgresUser();
  const found = await findPostgres(options.binaries, user);
  const data = await dataFolder(dir, user);
  const password = await initialised(dir, data, found, user);
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(dir, HOST, options.port);
    const child = await ChildServer.spawn({
      program: join(found.bin, 'postgres'),
      args: ['-D', data, ...flags(data, port, options.settings)],
      logFile: join(dir, 'server.log'),
      cwd: data,
      ...(user === undefined ? {} : { as: { uid: user.uid, gid: user.gid } }),
    });
    await noteOwner(dir, child.pid);
    const urlOf = (database: string): string =>
      `postgres://${SUPERUSER}:${password}@${HOST}:${port}/${encodeURIComponent(database)}`;
    if (await answers(child, urlOf('postgres'))) {
      await rememberPort(dir, port);
      await makeDatabases(urlOf('postgres'), options.databases ?? []);
      return running(dir, child, port, found.version, urlOf, options.databases?.[0] ?? 'postgres');
    }
    const error = await child.notStarted('PostgreSQL');
    await child.end(['SIGINT'], 3_000);
    await releaseFolder(dir, child.pid);
    if (attempt >= START_TRIES || !mayHeal(error.message)) throw error;
    await delay(100);
  }
}

function running(
  dir: string,
  child: ChildServer,
  port: number,
  version: string,
  urlOf: (database: string) => string,
  database: string,
): PostgresServer {
  async function end(signals: readonly NodeJS.Signals[], graceMs: number): Promise<void> {
    await child.end(signals, graceMs);
    await releaseFolder(dir, child.pid);
  }
  // SIGINT is PostgreSQL's fast stop: open transactions are rolled back; SIGQUIT stops without a checkpoint.
  const stop = (graceMs = 20_000): Promise<void> => end(['SIGINT', 'SIGQUIT'], graceMs);
  return {
    url: urlOf(database),
    urlOf,
    port,
    version,
    pid: child.pid,
    exited: child.exited,
    stop,
    kill: () => end([], 0),
    [Symbol.asyncDispose]: () => stop(),
  };
}

function flags(data: string, port: number, settings: Readonly<Record<string, string>> = {}): string[] {
  const socketFits = Buffer.byteLength(join(data, `.s.PGSQL.${port}`)) <= MAX_SOCKET_PATH;
  const all = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: socketFits ? data : '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A port taken in between; and after a kill, children of the old server that have not yet noticed. */
function mayHeal(message: string): boolean {
  return /could not bind|pre-existing shared memory|lock file "postmaster\.pid" already exists/.test(message);
}

async function answers(child: ChildServer, url: string): Promise<boolean> {
  const until = Date.now() + START_LIMIT_MS;
  while (!child.isOver && Date.now() < until) {
    if (await connects(url)) return true;
    await delay(25);
  }
  return false;
}

async function connects(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch {
    // Not listening yet, or still starting up: the caller asks again until its limit.
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function makeDatabases(url: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const present = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    for (const name of names) {
      if (present.rows.some((row) => row.datname === name)) continue;
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}

import { connect } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RollcallError } from '@rollcall/kernel';
import { ChildServer } from './child-server.js';
import type { EmbeddedServer } from './embedded-server.js';
import { noteOwner, releaseFolder, takeFolder } from './folder-owner.js';
import { choosePort, rememberPort } from './free-port.js';
import { findNatsBinary } from './nats-binary.js';

const START_LIMIT_MS = 20_000;
const START_TRIES = 3;

export interface NatsOptions {
  /** The server's folder: configuration, log, JetStream store. Made when absent. */
  readonly dir: string;
  /** Wanted port; another is taken when it is in use. Default: the one this folder had, else any free one. */
  readonly port?: number;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** The program; default: `nats-server` on PATH, else `.rollcall/bin/nats-server` of the checkout. */
  readonly binary?: string;
  /** Forces every write to disk before it is acknowledged (servers from 2.10 on; older ones ignore the wish). */
  readonly syncAlways?: boolean;
  /** Largest message, bytes. Default 1 MiB, the server's own. */
  readonly maxPayloadBytes?: number;
  /** Further lines of nats-server configuration, such as users and permissions. */
  readonly extraConfig?: string;
}

/** A running nats-server with JetStream. */
export interface NatsServer extends EmbeddedServer {
  /** The version the server reports, such as `2.10.27`. */
  readonly version: string;
}

/**
 * Starts nats-server with its JetStream store in `dir/jetstream`.
 * @throws RollcallError embedded/no-binary, embedded/not-started, embedded/in-use, nats/too-old
 */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const host = options.host ?? '127.0.0.1';
  const binary = await findNatsBinary(options.binary);
  await mkdir(options.dir, { recursive: true });
  await takeFolder(options.dir);
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(options.dir, host, options.port);
    const config = join(options.dir, 'nats.conf');
    await writeFile(config, configText(options, host, port, binary.minor));
    const logFile = join(options.dir, 'server.log');
    const child = await ChildServer.spawn({ program: binary.path, args: ['-c', config], logFile, cwd: options.dir });
    await noteOwner(options.dir, child.pid);
    const version = await greeting(child, host, port);
    if (version !== undefined) {
      await rememberPort(options.dir, port);
      return running(options.dir, child, host, port, version);
    }
    const error = await child.notStarted('nats-server');
    await child.end(['SIGTERM'], 1_000);
    await releaseFolder(options.dir, child.pid);
    if (attempt >= START_TRIES || !error.message.includes('address already in use')) throw error;
  }
}

function running(dir: string, child: ChildServer, host: string, port: number, version: string): NatsServer {
  async function end(signals: readonly NodeJS.Signals[], graceMs: number): Promise<void> {
    await child.end(signals, graceMs);
    await releaseFolder(dir, child.pid);
  }
  const stop = (graceMs = 20_000): Promise<void> => end(['SIGTERM'], graceMs);
  return {
    url: `nats://${host}:${port}`,
    port,
    pid: child.pid,
    version,
    exited: child.exited,
    stop,
    kill: () => end([], 0),
    [Symbol.asyncDispose]: () => stop(),
  };
}

function configText(options: NatsOptions, host: string, port: number, minor: number): string {
  const lines = [
    `host: ${JSON.stringify(host)}`,
    `port: ${port}`,
    'server_name: rollcall',
    ...(options.maxPayloadBytes === undefined ? [] : [`max_payload: ${options.maxPayloadBytes}`]),
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(options.dir, 'jetstream'))}`,
    ...(options.syncAlways && minor >= 10 ? ['  sync_interval: always'] : []),
    '}',
    options.extraConfig ?? '',
  ];
  return lines.join('\n');
}

/** Waits until the server greets a client with JetStream ready; undefined when it ended or stayed silent. */
async function greeting(child: ChildServer, host: string, port: number): Promise<string | undefined> {
  const until = Date.now() + START_LIMIT_MS;
  while (!child.isOver && Date.now() < until) {
    const info = await readInfo(host, port);
    if (info?.['jetstream'] === true) return String(info['version']);
    if (info !== undefined) throw new RollcallError('nats/too-old', `nats-server on port ${port} has no JetStream`);
    await delay(20);
  }
  return undefined;
}

/** The INFO line that a NATS server sends first. */
function readInfo(host: string, port: number): Promise<Record<string, unknown> | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let text = '';
    const done = (info?: Record<string, unknown>): void => {
      socket.destroy();
      resolve(info);
    };
    socket.setTimeout(2_000, () => done());
    socket.once('error', () => done());
    socket.once('close', () => done());
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      const line = /^INFO (\{.*\})\s*\r\n/.exec(text)?.[1];
      if (line !== undefined) done(JSON.parse(line) as Record<string, unknown>);
    });
  });
}

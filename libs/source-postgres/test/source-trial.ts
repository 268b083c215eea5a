import { randomBytes } from 'node:crypto';
import { testDatabase, until } from '@rollcall/testkit';
import type pg from 'pg';
import {
  connectSource,
  createSlot,
  dropSlot,
  ensurePublication,
  identifySystem,
  openLogStream,
  parsePgoutput,
  type LogStream,
  type LogStreamOptions,
  type TableName,
} from '../src/index.js';
import { type Recorded, recordingSink } from './record-log.js';

/** A database with a publication and a slot of its own, and a connection to change it. Disposing drops them. */
export interface SourceTrial extends AsyncDisposable {
  readonly url: string;
  readonly client: pg.Client;
  readonly slot: string;
  readonly publication: string;
  /** Makes slot and publication. */
  capture(...tables: readonly string[]): Promise<void>;
  /** Opens a stream that records. */
  stream(options?: Partial<LogStreamOptions>): Promise<RecordedStream>;
}

export interface RecordedStream {
  readonly log: Recorded[];
  readonly messages: readonly Buffer[];
  readonly stream: LogStream;
  /** Settles with what `onEnd` was told. */
  readonly ended: Promise<unknown>;
  /** Waits until all that is committed now is received. Gives what came since the last call. */
  caughtUp(): Promise<readonly Recorded[]>;
}

export async function sourceTrial(url?: string): Promise<SourceTrial> {
  const database = url === undefined ? await testDatabase() : undefined;
  const at = url ?? database?.url ?? '';
  const client = await connectSource(at, { applicationName: 'trial' });
  const slot = `trial_${randomBytes(6).toString('hex')}`;
  const open: LogStream[] = [];
  return {
    url: at,
    client,
    slot,
    publication: 'Rollcall "trial"',
    async capture(...tables) {
      await ensurePublication(client, { publication: 'Rollcall "trial"', tables: tables.map(inPublic) });
      const replication = await connectSource(at, { applicationName: 'trial', replication: 'database' });
      await createSlot(replication, slot);
      await replication.end();
    },
    async stream(options = {}) {
      const recording = await record(client, { url: at, slot, publication: 'Rollcall "trial"', ...options });
      open.push(recording.stream);
      return recording;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(open.map((stream) => stream.close()));
      await until(() => dropSlot(client, slot).then(() => true), { what: 'the slot to be free' });
      await client.end();
      await database?.drop();
    },
  };
}

async function record(
  client: pg.Client,
  options: Partial<LogStreamOptions> & Pick<LogStreamOptions, 'url' | 'slot' | 'publication'>,
): Promise<RecordedStream> {
  const log: Recorded[] = [];
  const messages: Buffer[] = [];
  const sink = recordingSink(log);
  const ended = Promise.withResolvers<unknown>();
  let received = 0n;
  let seen = 0;
  const stream = await openLogStream({
    from: 0n,
    onMessage(data, walStart) {
      messages.push(data);
      parsePgoutput(data, sink);
      if (walStart > received) received = walStart;
    },
    onKeepalive: (walEnd) => (received = walEnd > received ? walEnd : received),
    onEnd: ended.resolve,
    ...options,
  });
  return {
    log,
    messages,
    stream,
    ended: ended.promise,
    async caughtUp() {
      const { lsn } = await identifySystem(client);
      // Moves the log on, so that its reader passes what it stood behind.
      await client.query("SELECT pg_logical_emit_message(false, 'trial', 'x'), pg_switch_wal()");
      await until(() => received >= lsn, { what: `the log up to ${lsn}`, timeoutMs: 20_000 });
      const fresh = log.slice(seen);
      seen = log.length;
      return fresh;
    },
  };
}

function inPublic(name: string): TableName {
  return { schema: 'public', name };
}

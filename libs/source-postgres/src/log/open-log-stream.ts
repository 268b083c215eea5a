import { type Duplex } from 'node:stream';
import { RollcallError } from '@rollcall/kernel';
import type pg from 'pg';
import { askSource, classifySourceError } from '../classify-source-error.js';
import { connectSource } from '../connect/connect-source.js';
import { FrameReader, type Frame } from './frame-reader.js';
import {
  COPY_DONE,
  KEEPALIVE,
  KEEPALIVE_SIZE,
  serverError,
  startReplication,
  statusUpdate,
  TAG,
  WAL_DATA,
  WAL_HEADER,
} from './replication-messages.js';
import { replicationSocket } from './replication-socket.js';

const STATUS_MS = 10_000;
/** A server that is asked for a sign of life and gives none for so long is gone. */
const SILENCE_MS = 60_000;
/** How long a clean end may take: a server in the middle of a long transaction does not hear it. */
const CLOSE_MS = 2_000;

export interface LogStreamOptions {
  readonly url: string;
  readonly slot: string;
  readonly publication: string;
  /** Changes of transactions that commit at or after it are sent; 0: from what the slot has confirmed, which also wins when it is further. */
  readonly from: bigint;
  /** Stands in pg_stat_replication. Default `rollcall log`. */
  readonly applicationName?: string;
  /** One message of pgoutput. `walStart` is 0 for what goes before a change (relation, type). What it throws ends the stream. */
  readonly onMessage: (data: Buffer, walStart: bigint) => void;
  /** All that commits before `walEnd` has been sent. May confirm: the answer the server asks for carries it. */
  readonly onKeepalive: (walEnd: bigint) => void;
  /** Once, after which nothing else comes. Without an error: it was closed. RollcallError `source/*`, or what `onMessage` threw. */
  readonly onEnd: (error?: unknown) => void;
  /** Closes the stream. */
  readonly signal?: AbortSignal;
}

export interface LogStream {
  /** The slot may forget all before `lsn`. Sent at once and with every sign of life; a lower one than before changes nothing. */
  confirm(lsn: bigint): void;
  /** No message comes any more, not even one that was received already. Signs of life go on, so that the server keeps the connection. */
  pause(): void;
  resume(): void;
  /** Says good-bye, so that the slot is free at once. Settles when the connection is gone. */
  close(): Promise<void>;
  /** Live. */
  readonly stats: Readonly<LogStreamStats>;
}

export interface LogStreamStats {
  messages: number;
  /** Of messages of pgoutput. */
  bytes: number;
  /** How far the server says it is: of the last message or keepalive. */
  serverLsn: bigint;
  confirmedLsn: bigint;
  paused: boolean;
}

/**
 * Streams a publication through a slot, in pgoutput's protocol 1 with texts. At least once: what was not confirmed comes again in
 * the next stream. In the order of commits, each transaction whole.
 * @throws RollcallError source/unavailable (also: the slot is in use), source/denied, source/unfit
 */
export async function openLogStream(options: LogStreamOptions): Promise<LogStream> {
  const { url, applicationName = 'rollcall log', signal } = options;
  signal?.throwIfAborted();
  const client = await connectSource(url, { applicationName, replication: 'database' });
  try {
    const answer = await askSource(
      client.query<{ ms: number }>(
        "SELECT setting::int4 AS ms FROM pg_catalog.pg_settings WHERE name = 'wal_sender_timeout'",
      ),
    );
    const stream = new OpenLogStream(client, options, statusInterval(answer.rows[0]?.ms ?? 0));
    await stream.started;
    const abort = (): void => void stream.close();
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    void stream.ended.promise.then(() => signal?.removeEventListener('abort', abort));
    return stream;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** A third of what the server waits for: two may be lost. */
function statusInterval(walSenderTimeoutMs: number): number {
  return walSenderTimeoutMs === 0 ? STATUS_MS : Math.max(100, Math.min(STATUS_MS, walSenderTimeoutMs / 3));
}

class OpenLogStream implements LogStream {
  readonly stats: LogStreamStats = { messages: 0, bytes: 0, serverLsn: 0n, confirmedLsn: 0n, paused: false };
  readonly started: Promise<void>;
  private readonly frames = new FrameReader();
  private readonly socket: Duplex;
  readonly ended = Promise.withResolvers<void>();
  private readonly timer: NodeJS.Timeout;
  private state: 'starting' | 'streaming' | 'closing' | 'over' = 'starting';
  private reading = false;
  private heardAt = performance.now();
  private settleStart: (error?: unknown) => void = () => undefined;

  constructor(
    private readonly client: pg.Client,
    private readonly options: LogStreamOptions,
    statusMs: number,
  ) {
    this.started = new Promise((done, fail) => {
      this.settleStart = (error) => (error === undefined ? done() : fail(error));
    });
    this.socket = replicationSocket(client);
    this.socket.on('data', (chunk: Buffer) => {
      this.frames.push(chunk);
      this.heardAt = performance.now();
      this.read();
    });
    this.socket.once('error', (error) => this.finish(classifySourceError(error)));
    this.socket.once('close', () => this.finish(lost('the connection broke')));
    this.timer = setInterval(() => this.signOfLife(statusMs), statusMs);
    this.socket.write(startReplication(options.slot, options.publication, options.from));
  }

  confirm(lsn: bigint): void {
    if (lsn <= this.stats.confirmedLsn) return;
    this.stats.confirmedLsn = lsn;
    this.sendStatus(false);
  }

  pause(): void {
    this.stats.paused = true;
    this.socket.pause();
  }

  resume(): void {
    if (!this.stats.paused) return;
    this.stats.paused = false;
    this.heardAt = performance.now();
    this.read();
    if (!this.stats.paused) this.socket.resume();
  }

  async close(): Promise<void> {
    if (this.state === 'streaming') {
      this.sendStatus(false);
      this.state = 'closing';
      this.socket.write(COPY_DONE);
      this.stats.paused = false;
      this.read();
      this.socket.resume();
      const limit = setTimeout(() => this.finish(), CLOSE_MS);
      await this.ended.promise;
      clearTimeout(limit);
    }
    await this.ended.promise;
  }

  private read(): void {
    // A message may resume what another one paused: the outer round goes on.
    if (this.reading) return;
    this.reading = true;
    try {
      while (!this.stats.paused && this.state !== 'over') {
        const frame = this.frames.next();
        if (frame === undefined) break;
        this.take(frame);
      }
    } catch (error) {
      this.finish(error);
    } finally {
      this.reading = false;
    }
  }

  private take(frame: Frame): void {
    switch (frame.tag) {
      case TAG.copyData:
        return this.state === 'streaming' ? this.takeData(frame) : undefined;
      case TAG.copyBoth:
        this.state = 'streaming';
        return this.settleStart();
      case TAG.error:
        return this.finish(classifySourceError(serverError(frame.bytes, frame.from, frame.to)));
      case TAG.copyDone:
        return this.state === 'closing' ? undefined : this.finish(lost('the server ended the stream'));
      case TAG.ready:
        return this.state === 'closing' ? this.finish() : undefined;
      default:
        // Notices, parameters, the tag of a completed command.
        return undefined;
    }
  }

  private takeData({ bytes, from, to }: Frame): void {
    const kind = bytes[from];
    const { stats } = this;
    if (kind === WAL_DATA && to - from >= WAL_HEADER) {
      const walStart = bytes.readBigUInt64BE(from + 1);
      stats.messages += 1;
      stats.bytes += to - from - WAL_HEADER;
      stats.serverLsn = bytes.readBigUInt64BE(from + 9);
      this.options.onMessage(bytes.subarray(from + WAL_HEADER, to), walStart);
    } else if (kind === KEEPALIVE && to - from >= KEEPALIVE_SIZE) {
      stats.serverLsn = bytes.readBigUInt64BE(from + 1);
      this.options.onKeepalive(stats.serverLsn);
      if (bytes[from + KEEPALIVE_SIZE - 1] === 1) this.sendStatus(false);
    } else {
      const what = `a replication message of kind 0x${(kind ?? 0).toString(16)} and ${to - from} bytes`;
      throw new RollcallError('source/unfit', `the source sent ${what}`);
    }
  }

  private signOfLife(statusMs: number): void {
    if (this.state !== 'streaming') return;
    const silentMs = this.stats.paused ? 0 : performance.now() - this.heardAt;
    if (silentMs > SILENCE_MS + statusMs) this.finish(lost('no sign of life within a minute of being asked'));
    else this.sendStatus(silentMs >= statusMs);
  }

  private sendStatus(askForReply: boolean): void {
    if (this.state !== 'streaming' || !this.socket.writable) return;
    this.socket.write(statusUpdate(this.stats.confirmedLsn, Date.now(), askForReply));
  }

  /** Ends all, once. */
  private finish(error?: unknown): void {
    if (this.state === 'over') return;
    const { state } = this;
    this.state = 'over';
    clearInterval(this.timer);
    this.socket.resume();
    const gone = this.client.end().catch(() => undefined);
    // A farewell that the server does not hear must not hold on to the socket.
    const limit = setTimeout(() => this.socket.destroy(), error === undefined ? CLOSE_MS : 0);
    void gone.then(() => {
      clearTimeout(limit);
      if (state === 'starting') return this.settleStart(error ?? lost('it ended before it began'));
      this.options.onEnd(state === 'closing' ? undefined : error);
      return this.ended.resolve();
    });
  }
}

function lost(what: string): RollcallError {
  return new RollcallError('source/unavailable', `source: the log stream ended: ${what}`);
}

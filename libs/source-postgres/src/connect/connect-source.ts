import { RollcallError } from '@rollcall/kernel';
import pg from 'pg';
import { classifySourceError } from '../classify-source-error.js';
import { quoteSourceIdentifier } from '../tables/quote-source-identifier.js';
import { droppedSetting, SESSION_SETTINGS } from './session-settings.js';
import { SOURCE_SETTINGS } from '../codecs/source-settings.js';

const CONNECT_TIMEOUT_MS = 10_000;

export interface SourceConnectionOptions {
  /** Stands in pg_stat_activity of the source. */
  readonly applicationName: string;
  /** `database`: the connection also speaks the replication protocol (and simple queries, without parameters). */
  readonly replication?: 'database';
  /** Of one statement. Absent: none, whatever the role's own setting is. */
  readonly statementTimeoutMs?: number;
  /** Ends the connection, whatever it is doing; also while it is being made. */
  readonly signal?: AbortSignal;
}

/**
 * One connection to a source, in the session settings under which values are read. Dates, timestamps, int8 and numeric come as text.
 * A connection that is lost ends what it was doing with an error and nothing else. No message holds the password.
 * @throws RollcallError source/unavailable, source/denied, source/unfit, config/invalid
 */
export async function connectSource(url: string, options: SourceConnectionOptions): Promise<pg.Client> {
  const { signal } = options;
  signal?.throwIfAborted();
  const client = clientOf(url, options);
  // What is running says that the connection is gone; an idle one would otherwise end the process.
  client.on('error', () => undefined);
  const abort = (): void => void client.end().catch(() => undefined);
  signal?.addEventListener('abort', abort, { once: true });
  client.once('end', () => signal?.removeEventListener('abort', abort));
  try {
    await client.connect();
    await refuseDropped(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    signal?.throwIfAborted();
    throw notConnected(error, client);
  }
  return client;
}

async function refuseDropped(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(SESSION_SETTINGS);
  const dropped = droppedSetting(rows[0] ?? {});
  if (dropped === undefined) return;
  throw new RollcallError(
    'source/unfit',
    `the source: a setting of the session was dropped on the way (${dropped}): name the server itself in the connection, or a pooler that passes \`options\` on`,
  );
}

/** Also TLS and its certificates, which have codes of their own. A privilege that is missing is named with what gives it. */
function notConnected(error: unknown, { user, database }: pg.Client): unknown {
  const named = classifySourceError(error);
  if (!(error instanceof Error)) return named;
  if (!(named instanceof RollcallError))
    return new RollcallError('source/unavailable', `the source: no connection: ${error.message}`, { cause: error });
  if (named.code !== 'source/denied' || user === undefined) return named;
  const role = quoteSourceIdentifier(user);
  const mend = /wal ?sender|replication/i.test(error.message)
    ? `ALTER ROLE ${role} REPLICATION;`
    : `GRANT CONNECT ON DATABASE ${quoteSourceIdentifier(database ?? user)} TO ${role};`;
  return new RollcallError('source/denied', `${named.message}\n${mend}`, { cause: error });
}

function clientOf(url: string, options: SourceConnectionOptions): pg.Client {
  try {
    return new pg.Client({
      connectionString: withSettings(url, options.statementTimeoutMs ?? 0),
      application_name: options.applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      types: { getTypeParser: parserOf },
      ...(options.replication === undefined ? {} : { replication: options.replication }),
    });
  } catch {
    // The cause may hold the URL and with it the password.
    throw new RollcallError('config/invalid', 'the URL of the source cannot be read: postgres://user:password@host/db');
  }
}

/** Our settings behind those that the URL brings, so that ours win. A role's own limits must not cut off a snapshot that is held open for others. */
function withSettings(url: string, statementTimeoutMs: number): string {
  const limits = `-c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=0`;
  const theirs = new URLSearchParams(url.split('?')[1]).get('options') ?? '';
  const all = `${theirs} ${SOURCE_SETTINGS} ${limits}`.trim();
  return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(all)}`;
}

/** JavaScript's Date would cut the microseconds. */
const AS_TEXT: ReadonlySet<number> = new Set([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.TIMESTAMPTZ,
  pg.types.builtins.INTERVAL,
]);

function parserOf(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return AS_TEXT.has(oid) ? (value) => value : pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format);
}

import { RollcallError } from '@rollcall/kernel';
import pg from 'pg';

/** A connection in hand; disposing ends it. */
export interface Connection extends AsyncDisposable {
  readonly client: pg.Client;
  readonly end: () => Promise<void>;
}

/**
 * Connects to a source database. A connection that breaks later fails the statement that runs, not the process.
 * Throws RollcallError source/unavailable or source/denied when it cannot.
 */
export async function connect(url: string, applicationName = 'simulator'): Promise<Connection> {
  const client = new pg.Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    options: '-c client_min_messages=warning',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw worldly(error) ?? error;
  }
  const end = (): Promise<void> => client.end();
  return { client, end, [Symbol.asyncDispose]: end };
}

/** BEGIN … COMMIT around an act; ROLLBACK when it throws. */
export async function transaction<T>(client: pg.ClientBase, act: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await act();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The connection may be gone: then the server has rolled back already, and the first error is the one to tell.
    await client.query('ROLLBACK').catch(() => undefined);
    throw worldly(error) ?? error;
  }
}

const DENIED = new Set(['28000', '28P01', '42501']);
const AWAY =
  /^(08|57P0)|^(53300|3D000|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENOENT)$/;

/** What the world does to a connection, as RollcallError; undefined: it is none of that. */
export function worldly(error: unknown): RollcallError | undefined {
  if (error instanceof RollcallError) return error;
  if (!(error instanceof Error)) return undefined;
  const inner = error instanceof AggregateError ? (error.errors as readonly unknown[]).map(codeOf) : [codeOf(error)];
  const code = inner.find((one) => one !== undefined) ?? '';
  const message = error.message === '' ? code : error.message;
  if (DENIED.has(code)) return new RollcallError('source/denied', `the source database: ${message}`, { cause: error });
  const lost = AWAY.test(code) || /connection terminated|connection timeout|not queryable/i.test(message);
  return lost
    ? new RollcallError('source/unavailable', `the source database: ${message}`, { cause: error })
    : undefined;
}

/** The SQLSTATE or errno of an error. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
}

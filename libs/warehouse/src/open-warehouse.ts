import pg from 'pg';
import type { Dialect } from './dialect/dialect.js';
import { postgres } from './dialect/postgres.js';
import { classifyWarehouseError } from './classify-warehouse-error.js';

export interface WarehouseOptions {
  /** Stands in pg_stat_activity. Default `rollcall`. */
  readonly applicationName?: string;
  /** Connections of each of the two pools. Default 4. */
  readonly maxConnections?: number;
  /** Of one statement of a load. Default 10 minutes; reading statements have a tenth of it. */
  readonly statementTimeoutMs?: number;
  /** How long a load waits for another one of its dataset, or for a lock. Default 30 s. */
  readonly lockTimeoutMs?: number;
  /** Connections act as this role, which the user must be allowed to take (`SET ROLE`). */
  readonly role?: string;
  /** Transactions are read-only unless they say otherwise. */
  readonly readOnly?: boolean;
  /** Default: Postgres. */
  readonly dialect?: Dialect;
}

/** A connection in hand. Everything it runs fails with RollcallError `warehouse/*` where the world is to blame. */
export interface Session {
  readonly client: pg.ClientBase;
  /** Rows as objects; int8 and numeric as text, timestamps as text. */
  rows<R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  /** Runs a statement and returns how many rows it touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

/** A warehouse: two pools (loads, reads), a dialect, an end. Instants travel as text or bigint, never as Date. */
export interface Warehouse extends AsyncDisposable {
  readonly dialect: Dialect;
  /** One statement in the reading pool. Throws RollcallError `warehouse/*`. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  /** A connection of the loading pool for one act; thrown away when the act throws, so that no state of it survives. */
  session<T>(act: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the pools; connects at first use. `url`: `postgres://…`. */
export function openWarehouse(url: string, options: WarehouseOptions = {}): Warehouse {
  const statementTimeoutMs = options.statementTimeoutMs ?? 600_000;
  const reading = poolOf(url, options, Math.ceil(statementTimeoutMs / 10));
  const loading = poolOf(url, options, statementTimeoutMs);
  let closed: Promise<void> | undefined;
  function close(): Promise<void> {
    closed ??= Promise.all([reading.end(), loading.end()]).then(() => undefined);
    return closed;
  }
  return {
    dialect: options.dialect ?? postgres,
    query: (text, values) => rowsOf(reading, text, values),
    session: (act) => withSession(loading, act),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** BEGIN … COMMIT around an act; ROLLBACK when it throws. */
export async function transaction<T>(session: Session, act: () => Promise<T>): Promise<T> {
  await session.run('BEGIN');
  try {
    const result = await act();
    await session.run('COMMIT');
    return result;
  } catch (error) {
    // The connection may be gone: then the server has rolled back already, and the first error is the one to tell.
    await session.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function withSession<T>(pool: pg.Pool, act: (session: Session) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch(rethrow);
  // An idle connection that breaks would otherwise end the process; the statement that is running says it too.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  let healthy = false;
  try {
    const result = await act(sessionOf(client));
    healthy = true;
    return result;
  } catch (error) {
    throw classifyWarehouseError(error);
  } finally {
    client.off('error', ignore);
    client.release(!healthy);
  }
}

function sessionOf(client: pg.ClientBase): Session {
  return {
    client,
    rows: (text, values) => rowsOf(client, text, values),
    run: async (text, values) => (await queryOf(client, text, values)).rowCount ?? 0,
  };
}

async function rowsOf<R extends object>(
  on: pg.ClientBase | pg.Pool,
  text: string,
  values?: readonly unknown[],
): Promise<readonly R[]> {
  return (await queryOf<R>(on, text, values)).rows;
}

async function queryOf<R extends object>(
  on: pg.ClientBase | pg.Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult<R>> {
  try {
    return await on.query<R>(text, [...values]);
  } catch (error) {
    return rethrow(error);
  }
}

function rethrow(error: unknown): never {
  throw classifyWarehouseError(error);
}

function poolOf(url: string, options: WarehouseOptions, statementTimeoutMs: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 4,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: options.applicationName ?? 'rollcall',
    statement_timeout: statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    options: `${settingsOf(options)}-c TimeZone=UTC -c temp_buffers=64MB -c client_min_messages=warning -c jit=off -c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=1 -c bytea_output=hex`,
    types: { getTypeParser: parserOf },
  });
  // Idle connections that break are replaced; without a listener they would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/** Of the options a pool asks for. Settings of a role hold for who logs in as it, not for who takes it: so they are said here. */
function settingsOf({ role, readOnly }: WarehouseOptions): string {
  if (role !== undefined && !/^[a-z_][a-z0-9_]*$/.test(role)) throw new RangeError(`role ${role}: not a plain name`);
  return `${role === undefined ? '' : `-c role=${role} `}${readOnly === true ? '-c default_transaction_read_only=on ' : ''}`;
}

/** Dates and timestamps stay text: JavaScript's Date would cut the microseconds. */
const AS_TEXT: ReadonlySet<number> = new Set([
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMP,
  pg.types.builtins.TIMESTAMPTZ,
  pg.types.builtins.INTERVAL,
]);

function parserOf(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return AS_TEXT.has(oid) ? (value) => value : pg.types.getTypeParser(oid, format === 'binary' ? 'text' : format);
}

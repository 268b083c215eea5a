import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { askSource, identifySystem, type SystemIdentity } from '@rollcall/source-postgres';
import type pg from 'pg';
import type { Holder } from '../events.js';
import { APPLICATION_NAME } from '../source-context.js';
import { clockSql, watermarkOf, type CursorColumn } from './cursor-column.js';
import type { SourceNow } from './decide.js';
import { ROW } from './keyset.js';

export interface OpenTransaction {
  readonly id: string;
  readonly pid: number | null;
  readonly user: string | null;
  /** Null where this role may not see it. */
  readonly ageSeconds: number | null;
}

export interface PreparedTransaction {
  readonly gid: string;
  readonly user: string;
  readonly ageSeconds: number;
}

/** What a sample is made of, and who is behind it. */
export interface Sampled {
  readonly now: SourceNow;
  readonly open: readonly OpenTransaction[];
  readonly prepared: readonly PreparedTransaction[];
  readonly system: SystemIdentity;
}

/**
 * Asks a primary for its transactions. Each statement has a snapshot of its own, and their order is what the samples rest on: the clock; what is open;
 * what is prepared; then the ids. A transaction that was open at t is either seen as open, or has ended, or was prepared before the ids are
 * read, and then is among them. Needs no privilege beyond SELECT on the table. Code source/unfit on a standby.
 */
export async function sampleSource(
  client: pg.Client,
  { dataset, table, column }: { readonly dataset: Dataset; readonly table: string; readonly column: CursorColumn },
): Promise<Sampled> {
  const system = await identifySystem(client);
  if (system.standby) throw noHorizon(dataset);
  const clock = clockSql(column, dataset.zone);
  const t =
    clock === undefined
      ? `(SELECT ${column.sql}::text FROM ${table} AS ${ROW} WHERE ${column.sql} IS NOT NULL ORDER BY ${ROW}.${column.sql} DESC LIMIT 1)`
      : `(SELECT ${clock})`;
  const [time] = await ask<{ t: string | null; at: string }>(client, `SELECT ${t} AS t, ${MICROS} AS at`);
  const open = await ask<OpenTransaction>(client, OPEN, [APPLICATION_NAME]);
  const prepared = await ask<PreparedTransaction>(client, PREPARED);
  const [ids] = await ask<{ xmin: string; xmax: string }>(client, IDS);
  if (!time || !ids) throw new Error('a SELECT without FROM gave no row');
  const now = {
    t: time.t ?? undefined,
    at: BigInt(time.at),
    open: new Set(open.map(({ id }) => id)),
    hasPrepared: prepared.length > 0,
    xmin: BigInt(ids.xmin),
    xmax: BigInt(ids.xmax),
  };
  return { now, open, prepared, system };
}

/** The limit of a dataset with `lag:`, which asks for no horizon: best effort, as the catalog says. */
export async function lagLimit(
  client: pg.Client,
  dataset: Dataset,
  column: CursorColumn,
): Promise<{ t: string; at: bigint }> {
  const { lagSeconds } = watermarkOf(dataset);
  const clock = clockSql(column, dataset.zone, lagSeconds ?? 0);
  if (clock === undefined)
    throw new RollcallError(
      'source/unfit',
      `${dataset.name}: \`lag\` is a time, and the cursor is none: leave it out, or choose another cursor`,
    );
  const [time] = await ask<{ t: string; at: string }>(client, `SELECT (SELECT ${clock}) AS t, ${MICROS} AS at`);
  if (!time) throw new Error('a SELECT without FROM gave no row');
  return { t: time.t, at: BigInt(time.at) };
}

/** Who holds a sample back: its transactions that are still open, and whatever is prepared. */
export function holdersOf(waiting: readonly string[], { open, prepared }: Sampled, seconds: number): readonly Holder[] {
  return [
    ...open
      .filter(({ id }) => waiting.includes(id))
      .map(({ pid, user, ageSeconds }) => ({
        ...(pid !== null && { pid }),
        ...(user !== null && { user }),
        // Open for at least as long as the sample waits for it.
        ageSeconds: Math.max(ageSeconds ?? 0, seconds),
      })),
    ...prepared.map(({ gid, user, ageSeconds }) => ({ gid, user, ageSeconds })),
  ];
}

/** For people: `pid 4711 of app, open for 360 s`. */
export function holderText({ pid, user, gid, ageSeconds }: Holder): string {
  const who = gid === undefined ? `pid ${pid ?? 'unknown'}` : `prepared transaction '${gid}'`;
  return `${who}${user === undefined ? '' : ` of ${user}`}, open for ${Math.round(ageSeconds)} s`;
}

function noHorizon({ name }: Dataset): RollcallError {
  return new RollcallError(
    'source/unfit',
    `${name} is read from a standby, which does not know what is open on the primary: name the primary by \`horizon_connection: <VARIABLE>\`, or say \`lag: 10m\` for best effort`,
  );
}

const MICROS = 'pg_catalog.floor(extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::int8::text';

/**
 * Every transaction holds its own virtualxid from its BEGIN on, readable by everybody. Left out: what never writes a row of a table - our own
 * readers, and autovacuum where this role may see what it is.
 */
const OPEN = `
SELECT l.virtualxid AS id, l.pid, a.usename AS user, extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8 AS "ageSeconds"
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
  AND NOT coalesce(a.application_name = $1 AND a.usename = current_user, false)
  AND coalesce(a.backend_type, '') <> 'autovacuum worker'`;

const PREPARED = `
SELECT gid, owner AS user, extract(epoch FROM pg_catalog.clock_timestamp() - prepared)::float8 AS "ageSeconds" FROM pg_catalog.pg_prepared_xacts`;

const IDS = `
SELECT pg_catalog.pg_snapshot_xmin(s)::text AS xmin, pg_catalog.pg_snapshot_xmax(s)::text AS xmax FROM pg_catalog.pg_current_snapshot() s`;

async function ask<R extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  return (await askSource(client.query<R>(sql, [...values]))).rows;
}

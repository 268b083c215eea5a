import { setTimeout as sleep } from 'node:timers/promises';
import { type Dataset } from '@rollcall/catalog';
import { askSource, parseLsn } from '@rollcall/source-postgres';
import type pg from 'pg';
import { exportOn, type ExportedSnapshot } from '../full/open-snapshot.js';
import { type SourceContext } from '../source-context.js';
import { type OpenTransaction } from './log-events.js';

const POLL_MS = 100;
/** What is waited for is named when it takes longer, and then as often. */
const NAME_AFTER_MS = 10_000;

/**
 * Opens a snapshot for a read that mixes with the log. Its LSN lies strictly between commits: they begin at multiples of 8. A commit at or below it may
 * stand in the WAL and not be visible yet, so the snapshot is opened only when every transaction that was under way then has ended: it sees all of
 * them, and what it does not see comes by the log with a higher position. `last`: the greatest point given to the dataset so far.
 */
export async function snapshotBesideLog(
  context: SourceContext,
  dataset: Dataset,
  last: bigint,
  signal: AbortSignal,
): Promise<ExportedSnapshot> {
  const client = await context.connect({ signal });
  try {
    const lsn = await readLsn(client, last);
    const open = await openTransactions(client);
    await untilEnded(client, open, signal, (seconds, holders) =>
      context.events.snapshotWaits(dataset, seconds, holders),
    );
    return await exportOn(client, lsn);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Above `last`, if need be by writing a message into the WAL: an idle server stands still. */
async function readLsn(client: pg.Client, last: bigint): Promise<bigint> {
  const insert = async (): Promise<bigint> => {
    const { rows } = await askSource(
      client.query<{ lsn: string }>('SELECT pg_catalog.pg_current_wal_insert_lsn()::text AS lsn'),
    );
    return parseLsn(rows[0]?.lsn ?? '') - 1n;
  };
  for (let lsn = await insert(); ; lsn = await insert()) {
    if (lsn > last) return lsn;
    await askSource(client.query(`SELECT pg_catalog.pg_logical_emit_message(false, 'rollcall', 'read')`));
  }
}

/** Ids of the transactions under way: only those that have written, or will, with an id they have already. */
async function openTransactions(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await askSource(
    client.query<{ xid: string }>('SELECT pg_catalog.pg_snapshot_xip(pg_catalog.pg_current_snapshot())::text AS xid'),
  );
  return rows.map(({ xid }) => xid);
}

async function untilEnded(
  client: pg.Client,
  open: readonly string[],
  signal: AbortSignal,
  name: (seconds: number, open: readonly OpenTransaction[]) => void,
): Promise<void> {
  const startedAt = performance.now();
  let namedAt = startedAt;
  for (let left = open; ;) {
    signal.throwIfAborted();
    const { rows } = await askSource(client.query<{ xid: string }>(STILL_OPEN, [left]));
    left = rows.map(({ xid }) => xid);
    if (left.length === 0) return;
    const now = performance.now();
    if (now - namedAt > NAME_AFTER_MS) {
      namedAt = now;
      name((now - startedAt) / 1000, (await askSource(client.query<OpenTransaction>(HOLDERS, [left]))).rows);
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

const STILL_OPEN = `
SELECT x::text AS xid FROM unnest($1::xid8[]) x
WHERE NOT pg_catalog.pg_visible_in_snapshot(x, pg_catalog.pg_current_snapshot())`;

/** A backend shows the low 32 bits of its id. Without pg_monitor the age of another role's transaction is unknown. */
const HOLDERS = `
SELECT a.pid, a.usename AS user, NULL AS gid, coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::float8 AS "ageSeconds"
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_xid::text::int8 = ANY (SELECT x::text::int8 & 4294967295 FROM unnest($1::xid8[]) x)
UNION ALL
SELECT NULL, p.owner, p.gid, extract(epoch FROM clock_timestamp() - p.prepared)::float8
FROM pg_catalog.pg_prepared_xacts p
WHERE p.transaction::text::int8 = ANY (SELECT x::text::int8 & 4294967295 FROM unnest($1::xid8[]) x)`;

import { RollcallError } from '@rollcall/kernel';
import type pg from 'pg';
import { askSource, sourceState } from '../classify-source-error.js';
import { quoteSourceIdentifier } from '../tables/quote-source-identifier.js';
import { parseLsn } from './lsn.js';

/** A slot that was just made. */
export interface CreatedSlot {
  /** What commits at or after it comes by the log; what committed before is in the snapshot. */
  readonly consistentPoint: bigint;
  /** For SET TRANSACTION SNAPSHOT; valid until the connection runs its next command or ends. */
  readonly snapshot: string;
}

/**
 * Makes a logical slot of pgoutput on a connection with `replication: 'database'` that has no transaction. Waits for all transactions
 * that write at this moment. Not idempotent: a slot of that name is an error, because its snapshot is gone.
 * @throws RollcallError source/unfit (it exists, none is free, wal_level), source/denied, source/unavailable
 */
export async function createSlot(client: pg.Client, slot: string): Promise<CreatedSlot> {
  const made = await askSource(
    client.query<{ consistent_point: string; snapshot_name: string }>(
      `CREATE_REPLICATION_SLOT ${quoteSourceIdentifier(slot)} LOGICAL pgoutput EXPORT_SNAPSHOT`,
    ),
  );
  const [row] = made.rows;
  if (row === undefined) throw new Error('CREATE_REPLICATION_SLOT gave no row');
  return { consistentPoint: parseLsn(row.consistent_point), snapshot: row.snapshot_name };
}

/** What the source says of a slot. */
export interface SlotState {
  readonly name: string;
  readonly plugin: string | null;
  /** null: a physical one. */
  readonly database: string | null;
  readonly temporary: boolean;
  /** The backend that streams it; null: nobody. */
  readonly activePid: number | null;
  /** What commits before it is not sent any more. */
  readonly confirmedLsn: bigint | null;
  /** WAL from here on is kept for it. */
  readonly restartLsn: bigint | null;
  /** `lost`: WAL it needs was removed, it never streams again. `unreserved`: about to be. */
  readonly walStatus: 'reserved' | 'extended' | 'unreserved' | 'lost' | null;
  /** Why it never streams again, as the server says; null: it does (or the server is older than 16). */
  readonly invalidation: string | null;
  readonly twoPhase: boolean;
  /** WAL between what is confirmed and the end of the log now. */
  readonly lagBytes: bigint | null;
  /** WAL that the server cannot remove because of it. */
  readonly retainedBytes: bigint | null;
}

/** Undefined: there is no such slot. Needs no privilege. @throws RollcallError source/unavailable */
export async function readSlot(client: pg.ClientBase, slot: string): Promise<SlotState | undefined> {
  const { rows } = await askSource(client.query<SlotRow>(SLOT, [slot]));
  const [row] = rows;
  if (row === undefined) return undefined;
  const { slot: s, lag, retained } = row;
  return {
    name: s.slot_name,
    plugin: s.plugin,
    database: s.database,
    temporary: s.temporary,
    activePid: s.active_pid,
    confirmedLsn: s.confirmed_flush_lsn === null ? null : parseLsn(s.confirmed_flush_lsn),
    restartLsn: s.restart_lsn === null ? null : parseLsn(s.restart_lsn),
    walStatus: s.wal_status,
    invalidation: s.invalidation_reason ?? (s.conflicting === true ? 'conflict with recovery' : null),
    twoPhase: s.two_phase ?? false,
    lagBytes: lag === null ? null : BigInt(lag),
    retainedBytes: retained === null ? null : BigInt(retained),
  };
}

/**
 * Drops a slot; one that is not there is no error.
 * @throws RollcallError source/unavailable when somebody streams it, source/denied
 */
export async function dropSlot(client: pg.ClientBase, slot: string): Promise<void> {
  try {
    await client.query(`SELECT pg_catalog.pg_drop_replication_slot($1)`, [slot]);
  } catch (error) {
    if (sourceState(error) === '42704') return;
    if (sourceState(error) === '55006')
      throw new RollcallError('source/unavailable', `slot ${slot}: somebody streams it`, { cause: error });
    await askSource(Promise.reject(error as Error));
  }
}

/** As JSON: columns that a version does not have yet are just absent. */
interface SlotRow {
  readonly slot: {
    readonly slot_name: string;
    readonly plugin: string | null;
    readonly database: string | null;
    readonly temporary: boolean;
    readonly active_pid: number | null;
    readonly confirmed_flush_lsn: string | null;
    readonly restart_lsn: string | null;
    readonly wal_status: SlotState['walStatus'];
    readonly two_phase?: boolean;
    readonly conflicting?: boolean | null;
    readonly invalidation_reason?: string | null;
  };
  readonly lag: string | null;
  readonly retained: string | null;
}

const SLOT = `
SELECT pg_catalog.to_jsonb(s) AS slot,
  greatest(pg_catalog.pg_wal_lsn_diff(n.now, s.confirmed_flush_lsn), 0)::text AS lag,
  greatest(pg_catalog.pg_wal_lsn_diff(n.now, s.restart_lsn), 0)::text AS retained
FROM pg_catalog.pg_replication_slots s, LATERAL (SELECT CASE WHEN pg_catalog.pg_is_in_recovery()
  THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_insert_lsn() END) n (now)
WHERE s.slot_name = $1`;

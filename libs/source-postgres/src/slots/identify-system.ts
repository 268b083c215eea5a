import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import { parseLsn } from './lsn.js';

/** Which server this is, and which of its histories: LSNs of one say nothing about another. */
export interface SystemIdentity {
  /** Made by initdb; a physical copy has the same. */
  readonly systemId: string;
  /** Goes up with every promotion and every recovery to a point in time. */
  readonly timeline: number;
  /** Insert position of a primary, replay position of a standby. */
  readonly lsn: bigint;
  readonly standby: boolean;
  /** Such as 150018. */
  readonly serverVersion: number;
}

/** On any connection; needs no privilege. @throws RollcallError source/unavailable, source/denied */
export async function identifySystem(client: pg.ClientBase): Promise<SystemIdentity> {
  const { rows } = await askSource(client.query<IdentityRow>(IDENTITY));
  const [row] = rows;
  if (row === undefined) throw new Error('a SELECT without FROM gave no row');
  return { ...row, lsn: parseLsn(row.lsn) };
}

interface IdentityRow {
  readonly systemId: string;
  readonly timeline: number;
  readonly lsn: string;
  readonly standby: boolean;
  readonly serverVersion: number;
}

/** A primary's timeline is that of the WAL it writes: the control file names it only after the next checkpoint. */
const IDENTITY = `
SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system())::text AS "systemId",
  CASE WHEN recovery THEN (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint())
    ELSE ('x' || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int4 END AS timeline,
  CASE WHEN recovery THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_insert_lsn() END::text AS lsn,
  recovery AS standby, pg_catalog.current_setting('server_version_num')::int4 AS "serverVersion"
FROM (SELECT pg_catalog.pg_is_in_recovery()) r (recovery)`;

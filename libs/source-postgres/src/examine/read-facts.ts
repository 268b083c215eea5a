import type pg from 'pg';
import { askSource } from '../classify-source-error.js';

/** What the server and the connected role are and may. */
export interface ServerFacts {
  readonly role: string;
  readonly database: string;
  readonly version: number;
  readonly standby: boolean;
  readonly superuser: boolean;
  readonly replication: boolean;
  /** May make publications in this database. */
  readonly creates: boolean;
  readonly walLevel: string;
  readonly maxSlots: number;
  readonly slots: number;
  readonly maxSenders: number;
  readonly senders: number;
}

/** What matters of a table beyond its description. */
export interface RelationFacts {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly persistence: 'p' | 'u' | 't';
  readonly usage: boolean;
  readonly select: boolean;
  /** Policies decide which rows this role sees. */
  readonly rowSecurity: boolean;
  /** This role may publish it. */
  readonly owned: boolean;
  /** Other tables INHERIT from it (partitions aside). */
  readonly inherited: boolean;
  readonly indexes: readonly IndexFacts[];
  /** Whether a trigger may set columns of a row before it is written. */
  readonly insertTrigger: boolean;
  readonly updateTrigger: boolean;
}

/** A valid index over all rows and plain columns. */
export interface IndexFacts {
  readonly name: string;
  readonly unique: boolean;
  readonly primary: boolean;
  /** Checked at each statement, so it can be a replica identity. */
  readonly immediate: boolean;
  readonly btree: boolean;
  readonly columns: readonly string[];
}

export async function readServerFacts(client: pg.ClientBase): Promise<ServerFacts> {
  const [facts] = (await askSource(client.query<ServerFacts>(SERVER))).rows;
  if (facts === undefined) throw new Error('a connected role is in pg_roles');
  return facts;
}

export async function readRelationFacts(
  client: pg.ClientBase,
  oids: readonly number[],
): Promise<ReadonlyMap<number, RelationFacts>> {
  const { rows } = await askSource(client.query<RelationFacts>(RELATIONS, [oids]));
  return new Map(rows.map((row) => [row.oid, row]));
}

/** On RDS nobody has REPLICATION: membership of a role of theirs stands for it. */
const SERVER = `
SELECT r.rolname AS role, pg_catalog.current_database() AS database,
  pg_catalog.current_setting('server_version_num')::int4 AS version, pg_catalog.pg_is_in_recovery() AS standby,
  r.rolsuper AS superuser, r.rolsuper OR r.rolreplication OR EXISTS (
    SELECT FROM pg_catalog.pg_roles g WHERE g.rolname = 'rds_replication' AND pg_catalog.pg_has_role(g.oid, 'MEMBER')) AS replication,
  pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS creates,
  pg_catalog.current_setting('wal_level') AS "walLevel",
  pg_catalog.current_setting('max_replication_slots')::int4 AS "maxSlots",
  (SELECT count(*)::int4 FROM pg_catalog.pg_replication_slots) AS slots,
  pg_catalog.current_setting('max_wal_senders')::int4 AS "maxSenders",
  (SELECT count(*)::int4 FROM pg_catalog.pg_stat_replication) AS senders
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`;

/** Bits of pg_trigger.tgtype: 1 for each row, 2 before, 4 insert, 16 update. */
const RELATIONS = `
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relpersistence AS persistence,
  pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usage, pg_catalog.has_table_privilege(c.oid, 'SELECT') AS "select",
  pg_catalog.row_security_active(c.oid) AS "rowSecurity", pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
  c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid) AS inherited,
  coalesce((
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', ic.relname, 'unique', i.indisunique, 'primary', i.indisprimary,
      'immediate', i.indimmediate, 'btree', am.amname = 'btree', 'columns', (
        SELECT pg_catalog.json_agg(a.attname ORDER BY k.place)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
        WHERE k.place <= i.indnkeyatts)) ORDER BY ic.relname)
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid JOIN pg_catalog.pg_am am ON am.oid = ic.relam
    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND 0 <> ALL (i.indkey::int2[])), '[]') AS indexes,
  EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
    AND t.tgenabled <> 'D' AND t.tgtype & 7 = 7) AS "insertTrigger",
  EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
    AND t.tgenabled <> 'D' AND t.tgtype & 19 = 19) AS "updateTrigger"
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = ANY ($1::int8[]::oid[])`;

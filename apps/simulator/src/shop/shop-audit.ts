import type pg from 'pg';

/**
 * What really happened, written by triggers in the transaction that did it: the truth for tests. A row's changes stand in the order of `id`
 * (its lock is held while the trigger writes), a transaction's rows share `xid`; what was rolled back is not there. `row` holds every column as
 * its text, in UTC. Changes of the table's shape (ALTER TABLE) touch no row and leave none here.
 */
export const AUDIT_DDL = `
CREATE SCHEMA IF NOT EXISTS shop_audit;
CREATE TABLE IF NOT EXISTS shop_audit.change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  "table" text NOT NULL,
  op text NOT NULL,
  old_key int,
  new_key int,
  "row" jsonb
);
CREATE OR REPLACE FUNCTION shop_audit.record_row() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
BEGIN
  INSERT INTO shop_audit.change ("table", op, old_key, new_key, "row")
  VALUES (TG_TABLE_NAME, lower(TG_OP), OLD.id, NEW.id, (
    SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END))
  ));
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION shop_audit.record_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO shop_audit.change ("table", op) VALUES (TG_TABLE_NAME, 'truncate');
  RETURN NULL;
END $$;
`;

const TRIGGERS = ['users', 'transactions'].map(
  (table) => `
CREATE OR REPLACE TRIGGER zz_audit AFTER INSERT OR UPDATE OR DELETE ON public.${table}
  FOR EACH ROW EXECUTE FUNCTION shop_audit.record_row();
CREATE OR REPLACE TRIGGER zz_audit_truncate AFTER TRUNCATE ON public.${table}
  FOR EACH STATEMENT EXECUTE FUNCTION shop_audit.record_truncate();`,
);

/** Makes the audit of the shop. Idempotent; inside the caller's transaction. Rows that are there already are not in it. */
export async function auditShop(client: pg.ClientBase): Promise<void> {
  await client.query(AUDIT_DDL + TRIGGERS.join('\n'));
}

/** One change, as `readAudit` gives it. `row`: column -> text or null, of the row as it is now (delete: as it was). */
export interface AuditedChange {
  readonly id: string;
  readonly xid: string;
  readonly table: 'users' | 'transactions';
  readonly op: 'insert' | 'update' | 'delete' | 'truncate';
  readonly old_key: number | null;
  readonly new_key: number | null;
  readonly row: Readonly<Record<string, string | null>> | null;
}

/** All changes that were committed, in their order. */
export async function readAudit(client: pg.ClientBase): Promise<readonly AuditedChange[]> {
  const { rows } = await client.query<AuditedChange>(
    'SELECT id::text, xid::text, "table", op, old_key, new_key, "row" FROM shop_audit.change ORDER BY change.id',
  );
  return rows;
}

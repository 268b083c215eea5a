import type pg from 'pg';
import { copyRows } from '../database/copy-rows.js';
import { connect, transaction } from '../database/connect.js';
import { grantExtraction } from '../database/grant-extraction.js';
import { seededTransactions, seededUsers, type ShopSeed } from './seed-shop.js';
import { auditShop } from './shop-audit.js';
import { GID_PREFIX } from './shop-step.js';
import { SHOP_DDL, SHOP_PUBLICATION, SHOP_REFERENCE_DDL, SHOP_TABLES, SHOP_TABLES_DDL } from './shop-schema.js';

export interface ShopSetup extends ShopSeed {
  /** Make the extractor's role, its rights and the publication. */
  readonly extraction: boolean;
  /** Of the extractor's role. */
  readonly extractPassword?: string | undefined;
  /** Keep `shop_audit.change`. */
  readonly audit: boolean;
}

export interface ShopReady {
  /** Whether the shop was made just now; else it stood, and its rows were left as they are. */
  readonly made: boolean;
  readonly users: number;
  readonly transactions: number;
}

/**
 * Makes the shop: all of it or nothing, in one transaction. Idempotent: where the tables stand, only what is missing beside them (triggers,
 * indexes, rights, publication, audit) is made. `url`: as who shall own the tables. Throws RollcallError source/*.
 */
export async function setupShop(url: string, setup: ShopSetup): Promise<ShopReady> {
  await using connection = await connect(url);
  const { client } = connection;
  const made = await transaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('rollcall shop', 0))`);
    const fresh = !(await stands(client));
    if (fresh) await make(client, setup);
    await client.query(SHOP_DDL);
    if (setup.audit) await auditShop(client);
    if (setup.extraction) await grantExtraction(client, extractionOf(setup));
    return fresh;
  });
  await endForgotten(client);
  if (made) await client.query('ANALYZE public.users, public.transactions');
  return { made, ...(await counts(client)) };
}

function extractionOf({ extractPassword }: ShopSetup): Parameters<typeof grantExtraction>[1] {
  return { schema: 'public', tables: SHOP_TABLES, publication: SHOP_PUBLICATION, password: extractPassword };
}

/** Whether there is a shop in a database. */
export async function stands(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ stands: boolean }>(
    `SELECT to_regclass('public.users') IS NOT NULL AND to_regclass('public.transactions') IS NOT NULL AS stands`,
  );
  return rows[0]?.stands === true;
}

async function make(client: pg.ClientBase, seed: ShopSeed): Promise<void> {
  await client.query(SHOP_TABLES_DDL);
  const users = 'public.users (id, name, email, address, created_at, updated_at)';
  const transactions = 'public.transactions (id, user_id, amount, transaction_type, created_at, updated_at)';
  await copyRows(client, users, seededUsers(seed));
  await copyRows(client, transactions, seededTransactions(seed));
  for (const table of SHOP_TABLES) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence('public.${table}', 'id'), greatest(max(id), 1)) FROM public.${table}`,
    );
  }
  await client.query(SHOP_REFERENCE_DDL);
}

/** A load that was killed leaves prepared transactions, which would hold back everybody. A younger one may belong to a load that runs. */
async function endForgotten(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ sql: string }>(
    `SELECT format('ROLLBACK PREPARED %L', gid) AS sql FROM pg_prepared_xacts
     WHERE database = current_database() AND owner = current_user AND starts_with(gid, $1) AND prepared < now() - interval '10 minutes'`,
    [GID_PREFIX],
  );
  for (const { sql } of rows) await client.query(sql);
}

async function counts(client: pg.ClientBase): Promise<{ readonly users: number; readonly transactions: number }> {
  const { rows } = await client.query<{ users: number; transactions: number }>(
    'SELECT (SELECT count(*)::int FROM public.users) AS users, (SELECT count(*)::int FROM public.transactions) AS transactions',
  );
  return rows[0] ?? { users: 0, transactions: 0 };
}

import type pg from 'pg';
import { copyRows } from '../database/copy-rows.js';
import { connect, transaction } from '../database/connect.js';
import { grantExtraction } from '../database/grant-extraction.js';
import { deskRows, type DeskSeed } from './desk-rows.js';
import { DESK_TABLE_NAMES, DESK_TABLES, deskCopy, deskDdl, deskName } from './desk-tables.js';

export interface RegistrationSetup extends DeskSeed {
  /** Make the extractor's role and its rights; watermark capture needs no publication. */
  readonly extraction: boolean;
  readonly extractPassword?: string | undefined;
}

/**
 * Makes the schema `registration` with its rows: all of it or nothing. Idempotent: where the desk stands, only what is missing beside its rows
 * is made. Throws RollcallError source/*.
 * @returns whether it was made just now, and the registrants there are
 */
export async function setupRegistration(
  url: string,
  setup: RegistrationSetup,
): Promise<{ readonly made: boolean; readonly registrants: number }> {
  await using connection = await connect(url);
  const { client } = connection;
  return await transaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('rollcall registration', 0))`);
    const made = !(await deskStands(client));
    await client.query(deskDdl());
    if (made) await fill(client, setup);
    if (setup.extraction) {
      const { extractPassword: password } = setup;
      await grantExtraction(client, { schema: 'registration', tables: DESK_TABLE_NAMES, password });
    }
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int FROM ${deskName('registrant')}`);
    return { made, registrants: rows[0]?.count ?? 0 };
  });
}

async function deskStands(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ stands: boolean }>(
    `SELECT to_regclass('registration.registrant') IS NOT NULL AS stands`,
  );
  return rows[0]?.stands === true;
}

async function fill(client: pg.ClientBase, seed: DeskSeed): Promise<void> {
  const rows = deskRows(seed);
  for (const table of DESK_TABLE_NAMES) {
    await copyRows(client, deskCopy(table), rows[table]);
    const [key = '', type = ''] = Object.entries(DESK_TABLES[table])[0] ?? [];
    if (!type.includes('IDENTITY')) continue;
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${deskName(table)}', '${key}'), greatest(max(${key}), 1)) FROM ${deskName(table)}`,
    );
  }
}

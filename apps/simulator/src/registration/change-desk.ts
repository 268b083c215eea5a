import type pg from 'pg';
import { transaction } from '../database/connect.js';
import type { Random } from '../random.js';
import { deskChange, type DeskChange, type DeskSize } from './desk-changes.js';

export async function deskSize(client: pg.ClientBase): Promise<DeskSize> {
  const { rows } = await client.query<DeskSize>(
    `SELECT greatest((SELECT count(*)::int FROM registration.event), 1) AS events,
            greatest((SELECT max(id_registrant) FROM registration.registrant), 1) AS registrants`,
  );
  return rows[0] ?? { events: 1, registrants: 1 };
}

/** Lets one thing happen at the desk, in one transaction. Not idempotent. Throws RollcallError source/*. */
export async function changeDesk(client: pg.ClientBase, random: Random): Promise<DeskChange> {
  const change = deskChange(random, await deskSize(client));
  await transaction(client, async () => {
    for (const { sql, values } of change.statements) await client.query(sql, [...values]);
  });
  return change;
}

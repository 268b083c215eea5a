import type pg from 'pg';
import { ReservedKeys } from './reserved-keys.js';
import { ShopModel } from './shop-model.js';

export interface ReadShop {
  readonly model: ShopModel;
  /** Gives back the keys that the model has not given out. */
  readonly release: () => Promise<void>;
}

/** What stands in the shop now, with keys reserved for the changes to come: several simulators may work on one shop. */
export async function readShop(
  client: pg.ClientBase,
  wanted: { readonly users: number; readonly sales: number },
): Promise<ReadShop> {
  const userKeys = await ReservedKeys.of(client, 'users', wanted.users);
  const saleKeys = await ReservedKeys.of(client, 'transactions', wanted.sales);
  const model = new ShopModel({ user: userKeys.first, sale: saleKeys.first });
  const users = await client.query<{ id: number }>('SELECT id FROM public.users ORDER BY id');
  for (const { id } of users.rows) model.addUser(id);
  const sales = await client.query<{ id: number; user_id: number }>(
    'SELECT id, user_id FROM public.transactions ORDER BY id',
  );
  for (const { id, user_id } of sales.rows) model.addSale(id, user_id);
  await readColumns(client, model);
  async function release(): Promise<void> {
    await userKeys.release(client, model.next.user);
    await saleKeys.release(client, model.next.sale);
  }
  return { model, release };
}

async function readColumns(client: pg.ClientBase, model: ShopModel): Promise<void> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, replace(format_type(atttypid, atttypmod), 'integer', 'int') AS type FROM pg_attribute
     WHERE attrelid = 'public.users'::regclass AND NOT attisdropped AND attname ~ '^(extra_[0-9]+|notes)$' ORDER BY attnum`,
  );
  model.extras.push(...rows.filter(({ name }) => name !== 'notes'));
  // Names that were taken once are not taken again.
  model.extrasMade = rows.reduce((most, { name }) => Math.max(most, Number(name.slice('extra_'.length)) || 0), 0);
  if (!rows.some(({ name }) => name === 'notes')) return;
  const noted = await client.query<{ id: number }>(
    'SELECT id FROM public.users WHERE octet_length(notes) > 2000 ORDER BY id',
  );
  for (const { id } of noted.rows) model.noted.add(id);
}

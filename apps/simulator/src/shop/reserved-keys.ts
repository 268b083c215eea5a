import type pg from 'pg';
import type { ShopTable } from './shop-schema.js';

/** Keys of a sequence that nobody else gets, so that a script can be made without asking for each. */
export class ReservedKeys {
  private constructor(
    readonly first: number,
    readonly last: number,
    readonly sequence: string,
  ) {}

  static async of(client: pg.ClientBase, table: ShopTable, count: number): Promise<ReservedKeys> {
    const sequence = `pg_get_serial_sequence('public.${table}', 'id')`;
    return locked(client, async () => {
      const { rows } = await client.query<{ first: string }>(`SELECT nextval(${sequence}) AS first`);
      const first = Number(rows[0]?.first);
      await client.query(`SELECT setval(${sequence}, $1)`, [first + count]);
      return new ReservedKeys(first, first + count, sequence);
    });
  }

  /** Gives back the keys from `next` on, unless the sequence has moved on since: then they are lost, as keys of a sequence may be. */
  async release(client: pg.ClientBase, next: number): Promise<void> {
    await locked(client, async () => {
      const { rows } = await client.query<{ key: string }>(`SELECT nextval(${this.sequence}) AS key`);
      if (Number(rows[0]?.key) === this.last + 1) {
        await client.query(`SELECT setval(${this.sequence}, $1, false)`, [next]);
      }
    });
  }
}

async function locked<T>(client: pg.ClientBase, act: () => Promise<T>): Promise<T> {
  await client.query(`SELECT pg_advisory_lock(hashtextextended('rollcall shop keys', 0))`);
  try {
    return await act();
  } finally {
    await client.query(`SELECT pg_advisory_unlock(hashtextextended('rollcall shop keys', 0))`);
  }
}

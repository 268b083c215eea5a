import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startPostgres } from '@rollcall/embedded';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** A production database of its own, with the table that every figure of databases is measured on: 8 columns, about 115 bytes a row. */
export interface TransactionsSource extends AsyncDisposable {
  readonly url: string;
  query(text: string): Promise<void>;
  count(text: string): Promise<number>;
}

export const TRANSACTIONS = `id int8, user_id int8, amount numeric(12,2), currency text, status text,
  created_at timestamptz, updated_at timestamptz, note text`;

/** The same values for the same row, whoever makes it. */
export const transactionOf = (id: string): string => `SELECT ${id}, (${id} * 7919) % 500000,
  ((${id} * 104729) % 1000000) / 100.0, (ARRAY['EUR','USD','GBP','CHF'])[1 + ${id} % 4],
  (ARRAY['paid','open','failed'])[1 + ${id} % 3],
  timestamptz '2026-01-01 00:00:00.000001+00' + ${id} * interval '1.000007 second',
  timestamptz '2026-06-01 00:00:00.000001+00' + ${id} * interval '0.100003 second',
  'note ' || md5(${id}::text)`;

/** Starts it in `dir` and fills `public.transactions` with so many rows. */
export async function startTransactionsSource(dir: string, rows: number): Promise<TransactionsSource> {
  const server = await startPostgres({
    dir,
    databases: ['shop'],
    settings: { shared_buffers: '2GB', max_wal_size: '4GB', wal_level: 'logical' },
  });
  const url = new URL(server.url);
  url.pathname = '/shop';
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => undefined);
  const query = async (text: string): Promise<void> => void (await pool.query(text));
  await query(`CREATE TABLE transactions (${TRANSACTIONS})`);
  await query(
    `INSERT INTO transactions SELECT v.* FROM generate_series(1, ${rows}) g, LATERAL (${transactionOf('g::int8')}) v`,
  );
  await query('ALTER TABLE transactions ADD PRIMARY KEY (id)');
  await query('VACUUM (FREEZE, ANALYZE) transactions');
  await query('CHECKPOINT');
  return {
    url: url.href,
    query,
    count: async (text) => Number((await pool.query<{ n: string }>(text)).rows[0]?.n ?? 0),
    async [Symbol.asyncDispose]() {
      await pool.end();
      await server.stop();
    },
  };
}

/** Seconds of `COPY … TO STDOUT (FORMAT binary)` whose bytes are thrown away. */
export async function copyOutSeconds(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const started = performance.now();
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    await pipeline(client.query(copyTo('COPY transactions TO STDOUT (FORMAT binary)')), nowhere);
    return (performance.now() - started) / 1000;
  });
}

/** Seconds of the binary pipe from one server into a logged table with its key on another; the table goes again. */
export async function pipeSeconds(from: string, to: string): Promise<number> {
  return withClient(from, (source) =>
    withClient(to, async (target) => {
      await target.query(`CREATE TABLE public.yardstick (${TRANSACTIONS}, PRIMARY KEY (id))`);
      const started = performance.now();
      await pipeline(
        source.query(copyTo('COPY transactions TO STDOUT (FORMAT binary)')),
        target.query(copyFrom('COPY public.yardstick FROM STDIN (FORMAT binary)')),
      );
      const seconds = (performance.now() - started) / 1000;
      await target.query('DROP TABLE public.yardstick');
      return seconds;
    }),
  );
}

export async function withClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

/** The middle one of an odd number of measurements. */
export async function medianOf(count: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < count; round += 1) values.push(await measure());
  return values.sort((a, b) => a - b)[Math.floor(count / 2)] ?? Number.NaN;
}

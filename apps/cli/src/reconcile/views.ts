import { askSource, type connectSource, identifySystem } from '@rollcall/source-postgres';
import type { Warehouse } from '@rollcall/warehouse';

/** Rows of a statement in the snapshot that is open. */
export type Ask = <R extends object>(sql: string) => Promise<readonly R[]>;

/** Source and warehouse, each in one snapshot. */
export interface Views {
  readonly source: Ask;
  readonly warehouse: Ask;
  /** Of the source, read before its snapshot was opened: everything that committed below is seen. */
  readonly lsn: bigint;
  /** Milliseconds since 1970: when it was read. */
  readonly atMs: number;
}

export type SourceClient = Awaited<ReturnType<typeof connectSource>>;

/** The two databases of a comparison. */
export interface Databases {
  readonly source: SourceClient;
  readonly warehouse: Warehouse;
}

/** Opens a snapshot on both sides for one act; the source's first, since the warehouse follows it. Nothing is written on either. */
export async function withViews<T>({ source, warehouse }: Databases, act: (views: Views) => Promise<T>): Promise<T> {
  const atMs = Date.now();
  const { lsn } = await identifySystem(source);
  await askSource(source.query(BEGIN));
  try {
    return await warehouse.session(async (session) => {
      await session.run(BEGIN);
      const result = await act({
        source: async <R extends object>(sql: string) => (await askSource(source.query<R & Row>(sql))).rows,
        warehouse: (sql) => session.rows(sql),
        lsn,
        atMs,
      });
      await session.run('COMMIT');
      return result;
    });
  } finally {
    // A connection that is lost has said so already.
    await source.query('ROLLBACK').catch(() => undefined);
  }
}

type Row = Readonly<Record<string, unknown>>;

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY';

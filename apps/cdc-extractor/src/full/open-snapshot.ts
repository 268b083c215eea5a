import { askSource, identifySystem } from '@rollcall/source-postgres';
import type pg from 'pg';
import type { SourceContext } from '../source-context.js';

/** A state of the source that several connections can read. */
export interface ReadSnapshot {
  /** As pg_export_snapshot gave it: good as long as whoever exported it keeps its transaction open. */
  readonly name: string;
  /** Read before the snapshot was opened. */
  readonly lsn: bigint;
}

export interface ExportedSnapshot extends ReadSnapshot, AsyncDisposable {}

/** Opens a snapshot for a dataset that is read alone. To be disposed once all who read it have begun. */
export async function exportSnapshot(context: SourceContext, signal: AbortSignal): Promise<ExportedSnapshot> {
  const client = await context.connect({ signal });
  try {
    const { lsn } = await identifySystem(client);
    return await exportOn(client, lsn);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Opens a snapshot on a connection, which ends with it. `lsn`: what was read before. */
export async function exportOn(client: pg.Client, lsn: bigint): Promise<ExportedSnapshot> {
  await askSource(client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY'));
  const { rows } = await askSource(client.query<{ name: string }>('SELECT pg_export_snapshot() AS name'));
  const [row] = rows;
  if (!row) throw new Error('pg_export_snapshot gave no row');
  return { name: row.name, lsn, [Symbol.asyncDispose]: async () => client.end().catch(() => undefined) };
}

/** Begins a transaction that sees what the snapshot shows. */
export async function beginInSnapshot(client: pg.Client, snapshot: Pick<ReadSnapshot, 'name'>): Promise<void> {
  await askSource(client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY'));
  // A name of the server's own making: digits, letters and hyphens.
  if (!/^[\w-]+$/.test(snapshot.name)) throw new RangeError('a snapshot of a strange name');
  await askSource(client.query(`SET TRANSACTION SNAPSHOT '${snapshot.name}'`));
}

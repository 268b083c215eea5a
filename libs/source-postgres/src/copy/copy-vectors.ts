import type pg from 'pg';
import { classifySourceError } from '../classify-source-error.js';
import { CopyOutQuery } from './copy-out-query.js';
import { CopyGroups, type CopyColumn, type CopyGroup, type GroupLimits } from './copy-groups.js';

export interface CopyRequest extends GroupLimits {
  /** What stands behind the select list: `FROM … WHERE … ORDER BY …`. */
  readonly from: string;
  readonly columns: readonly CopyColumn[];
  /** Names in messages what is read: `table public.users`. */
  readonly what?: string;
  readonly signal?: AbortSignal;
}

/**
 * The rows of a query as groups of vectors, by one `COPY … TO STDOUT (FORMAT binary)`, in the order of the query, each once.
 * No group is empty. Memory is one group, one chunk and one row; a consumer that is slow makes the server wait.
 *
 * Read to its end the client is as before. Left early (`return`, `throw`, the signal) or failed on a value the client is **closed**:
 * a COPY under way ends in no other way but by reading all of it; the caller's transaction is gone with it. Throws RollcallError `source/*`
 * where the world is to blame, the signal's reason when it was aborted.
 */
export async function* copyVectors(client: pg.ClientBase, request: CopyRequest): AsyncGenerator<CopyGroup, void, void> {
  const { columns, from, signal, what } = request;
  signal?.throwIfAborted();
  const list = columns.map(({ sql, codec }) => codec.select(sql)).join(', ');
  const query = client.query(new CopyOutQuery(`COPY (SELECT ${list} ${from}) TO STDOUT (FORMAT binary)`));
  const stop = (): void => query.fail(new Error('copy: aborted'));
  signal?.addEventListener('abort', stop);
  const groups = new CopyGroups(columns, request);
  let isOver = false;
  try {
    while (groups.rest === undefined) {
      groups.push(await query.read());
      for (let group = groups.next(); group; group = groups.next()) yield group;
    }
    await query.finish(groups.rest);
    isOver = true;
    const last = groups.end();
    if (last) yield last;
  } catch (error) {
    signal?.throwIfAborted();
    // The server has ended the COPY by itself, and takes statements again.
    isOver ||= isOfServer(error);
    throw classifySourceError(error, what);
  } finally {
    signal?.removeEventListener('abort', stop);
    if (!isOver) await closed(client);
  }
}

function isOfServer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR';
}

/** A client of a pool is one of these too. */
async function closed(client: pg.ClientBase): Promise<void> {
  await (client as pg.Client).end().catch(() => undefined);
}

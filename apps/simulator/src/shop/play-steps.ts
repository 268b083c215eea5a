import type pg from 'pg';
import { codeOf, connect, worldly, type Connection } from '../database/connect.js';
import { copyRows } from '../database/copy-rows.js';
import type { ShopKind, ShopStep } from './shop-step.js';

/** What was done to the shop. */
export interface ShopTally {
  committed: number;
  rolledBack: number;
  /** Rows that statements of each kind touched, also those that were rolled back later. */
  readonly rows: Partial<Record<ShopKind, number>>;
  /** Transactions that the server refused, by SQLSTATE: somebody else writes in the shop, too. */
  readonly refused: Record<string, number>;
}

export function emptyTally(): ShopTally {
  return { committed: 0, rolledBack: 0, rows: {}, refused: {} };
}

/** The connections of a workload. Disposing ends them, and with them what was open. */
export class StepPlayer implements AsyncDisposable {
  readonly #url: string;
  readonly #relaxed: boolean;
  readonly #tally: ShopTally;
  readonly #connections = new Map<number, Connection>();
  /** Sessions whose transaction was refused: its other steps are passed over. */
  readonly #refused = new Set<number>();

  /** `relaxed`: commits do not wait for the disk, so that a slow one does not set the pace. */
  constructor(url: string, tally: ShopTally, relaxed = false) {
    this.#url = url;
    this.#relaxed = relaxed;
    this.#tally = tally;
  }

  /** Plays one step. What the server refuses is counted; throws RollcallError source/* where the world is to blame. */
  async play(step: ShopStep): Promise<void> {
    if (this.#refused.has(step.session)) {
      if (step.ends || step.kind === 'prepare') this.#refused.delete(step.session);
      return;
    }
    const client = await this.#client(step.session);
    try {
      const touched = await run(client, step);
      if (isWork(step)) this.#tally.rows[step.kind] = (this.#tally.rows[step.kind] ?? 0) + touched;
      if (step.ends === 'commit') this.#tally.committed += 1;
      if (step.ends === 'rollback') this.#tally.rolledBack += 1;
    } catch (error) {
      const code = codeOf(error);
      const world = worldly(error);
      if (world || code === undefined || !MAY_BE_REFUSED.test(code)) throw world ?? error;
      this.#tally.refused[code] = (this.#tally.refused[code] ?? 0) + 1;
      if (step.ends || step.kind === 'prepare') return;
      await client.query('ROLLBACK');
      this.#refused.add(step.session);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#connections.values()].map((connection) => connection.end()));
    this.#connections.clear();
  }

  async #client(session: number): Promise<pg.ClientBase> {
    const known = this.#connections.get(session);
    if (known) return known.client;
    const made = await connect(this.#url, 'simulator shop');
    this.#connections.set(session, made);
    // Whoever else locks rows for long is no reason to stand still.
    await made.client.query(`SET lock_timeout = '1s'`);
    if (this.#relaxed) await made.client.query('SET synchronous_commit = off');
    return made.client;
  }
}

/** Constraints, locks, deadlocks; a prepared transaction that somebody else has ended, a column that somebody else has made or taken away. */
const MAY_BE_REFUSED = /^(23...|40...|55P03|42704|42701|42703)$/;

async function run(client: pg.ClientBase, { sql, values, copy }: ShopStep): Promise<number> {
  if (copy) return copyRows(client, sql.replace(/^COPY (.+) FROM STDIN$/, '$1'), copy);
  return (await client.query(sql, values && [...values])).rowCount ?? 0;
}

const CONTROL: ReadonlySet<string> = new Set([
  'begin',
  'commit',
  'rollback',
  'prepare',
  'commit-prepared',
  'rollback-prepared',
]);

function isWork(step: ShopStep): step is ShopStep & { readonly kind: ShopKind } {
  return !CONTROL.has(step.kind);
}

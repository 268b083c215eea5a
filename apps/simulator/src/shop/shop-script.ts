import { Random } from '../random.js';
import { NOTES_COLUMN } from './column-operations.js';
import type { ShopModel } from './shop-model.js';
import type { ShopOperation } from './shop-operation.js';
import { OPERATIONS } from './shop-operations.js';
import { GID_PREFIX, type ShopKind, type ShopStep } from './shop-step.js';

export interface ScriptOptions {
  readonly seed: string;
  /** How often each kind comes, against each other; what is not named does not. */
  readonly weights: Readonly<Partial<Record<ShopKind, number>>>;
  /** Operations of one transaction, at most. */
  readonly maxOperations: number;
  /** Rows of one statement that takes several, at most. */
  readonly maxRows: number;
  /** Share of transactions that leave nothing. */
  readonly rollbackShare: number;
  /** Share of transactions that stay open while others come and go. */
  readonly lateShare: number;
  /** Share of transactions that are prepared and end later; 0 where max_prepared_transactions is. */
  readonly preparedShare: number;
  /** A late one ends when at most so many others have begun. */
  readonly lateFor: number;
}

interface Open {
  readonly session: number;
  readonly gid: string | undefined;
  readonly ends: 'commit' | 'rollback';
  readonly dueAt: number;
  readonly users: readonly number[];
  readonly operations: readonly ShopOperation[];
}

/** They lock a whole table: nothing else may be open, and they end at once. */
const EXCLUSIVE: ReadonlySet<ShopKind> = new Set([
  'truncate-sales',
  'truncate-all',
  'add-column',
  'rename-column',
  'change-type',
  'drop-column',
]);
/** Outside a transaction of several operations: the others would run into columns that were rolled back. */
const ALONE: ReadonlySet<ShopKind> = new Set(['add-column', 'rename-column', 'change-type', 'drop-column']);
const MAX_OPEN = 8;

/**
 * A seeded workload over a shop, as statements on connections. Pure: the same seed and model give the same steps. Rows that an open transaction
 * has touched are left alone by the others, so steps that are played in order never wait, fail or deadlock, as long as nobody else writes.
 */
export class ShopScript {
  readonly #random: Random;
  readonly #kinds: readonly (readonly [ShopKind, number])[];
  readonly #sum: number;
  readonly #open = new Set<Open>();
  #begun = 0;

  constructor(
    readonly model: ShopModel,
    readonly options: ScriptOptions,
  ) {
    this.#random = new Random(`${options.seed}/script`);
    this.#kinds = Object.entries(options.weights) as readonly (readonly [ShopKind, number])[];
    this.#sum = this.#kinds.reduce((sum, [, weight]) => sum + weight, 0);
  }

  /** What must be there before the first transaction. */
  first(): readonly ShopStep[] {
    if (!this.options.weights['write-notes']) return [];
    return [{ session: 0, kind: 'add-column', sql: `ALTER TABLE public.users ${NOTES_COLUMN}`, ends: 'commit' }];
  }

  /** The steps of one more transaction, with the ends of those that are due. */
  next(): readonly ShopStep[] {
    this.#begun += 1;
    const due = [...this.#open].filter(({ dueAt }) => dueAt <= this.#begun).flatMap((open) => this.#end(open));
    const first = this.#kind();
    if (EXCLUSIVE.has(first)) return [...due, ...this.finish(), ...this.#transaction(first, 0, undefined)];
    const chance = this.#random.next();
    const { preparedShare, lateShare } = this.options;
    const late = chance < preparedShare + lateShare && this.#open.size < MAX_OPEN;
    if (!late) return [...due, ...this.#transaction(first, 0, undefined)];
    const gid = chance < preparedShare ? `${GID_PREFIX}${this.options.seed}-${this.#begun}` : undefined;
    return [...due, ...this.#transaction(first, this.#freeSession(), { gid })];
  }

  /** The ends of all that is open. */
  finish(): readonly ShopStep[] {
    return [...this.#open].flatMap((open) => this.#end(open));
  }

  #transaction(
    first: ShopKind,
    session: number,
    late: { readonly gid: string | undefined } | undefined,
  ): readonly ShopStep[] {
    const random = this.#random;
    const ends = random.chance(this.options.rollbackShare) && !ALONE.has(first) ? 'rollback' : 'commit';
    // What was truncated and comes back is not known to the model in between.
    const single = ALONE.has(first) || (EXCLUSIVE.has(first) && ends === 'rollback');
    const count = single ? 1 : random.between(1, this.options.maxOperations);
    const operations: ShopOperation[] = [];
    for (let n = 0; n < count; n += 1) {
      const drawn = n === 0 ? first : this.#kind();
      const kind = n > 0 && EXCLUSIVE.has(drawn) ? 'change-sale' : drawn;
      const operation = this.#operation(kind, ends === 'rollback' ? operations : []);
      if (operation) operations.push(operation);
      if (ends === 'commit') operation?.effect?.();
    }
    const work = operations.flatMap(({ kind, statements }) => statements.map((one) => ({ ...one, session, kind })));
    const [only] = work;
    if (!only) return [];
    if (!late && ends === 'commit') {
      this.#retire(operations);
      if (work.length === 1) return [{ ...only, ends }];
    }
    const begin: ShopStep = { session, kind: 'begin', sql: 'BEGIN' };
    const open = {
      session,
      gid: late?.gid,
      ends,
      users: operations.flatMap(({ users }) => users),
      operations,
    } as const;
    if (!late) return [begin, ...work, { session, kind: ends, sql: ends.toUpperCase(), ends }];
    this.#open.add({ ...open, dueAt: this.#begun + random.between(1, Math.max(1, this.options.lateFor)) });
    const prepare = late.gid === undefined ? [] : [prepareStep(session, late.gid)];
    return [begin, ...work, ...prepare];
  }

  #end(open: Open): readonly ShopStep[] {
    this.#open.delete(open);
    const { session, gid, ends } = open;
    if (ends === 'commit') this.#retire(open.operations);
    if (gid === undefined) return [{ session, kind: ends, sql: ends.toUpperCase(), ends }];
    const sql = `${ends.toUpperCase()} PREPARED '${gid}'`;
    return [{ session: 0, kind: ends === 'commit' ? 'commit-prepared' : 'rollback-prepared', sql, ends }];
  }

  /** Of the kind where there is a row for it, else more users: an empty shop fills again. */
  #operation(kind: ShopKind, before: readonly ShopOperation[]): ShopOperation | undefined {
    const held = new Set([...this.#open, ...before].flatMap(({ users }) => users));
    const { model, options } = this;
    const context = {
      random: this.#random,
      model,
      maxRows: options.maxRows,
      isFree: (user: number) => !held.has(user),
    };
    for (const one of [kind, 'add-sales', 'add-users'] as const) {
      const made = OPERATIONS[one](context);
      if (made) return { kind: one, ...made };
    }
    return undefined;
  }

  #retire(operations: readonly ShopOperation[]): void {
    for (const { retired } of operations) if (retired) this.model.retire(retired);
  }

  #freeSession(): number {
    const taken = new Set([...this.#open].filter(({ gid }) => gid === undefined).map(({ session }) => session));
    let session = 1;
    while (taken.has(session)) session += 1;
    return session;
  }

  #kind(): ShopKind {
    let left = this.#random.next() * this.#sum;
    for (const [kind, weight] of this.#kinds) if ((left -= weight) < 0) return kind;
    return 'add-sales';
  }
}

function prepareStep(session: number, gid: string): ShopStep {
  return { session, kind: 'prepare', sql: `PREPARE TRANSACTION '${gid}'` };
}

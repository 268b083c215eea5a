import type { CopyValue } from '../database/copy-rows.js';
import { Random } from '../random.js';
import { shopSale, shopTime, shopUser } from './shop-rows.js';

export interface ShopSeed {
  readonly seed: string;
  readonly users: number;
  readonly transactions: number;
  /** Everything happened in the year before. */
  readonly untilMs: number;
}

const YEAR_MS = 365 * 86_400_000;

/** Rows of `public.users (id, name, email, address, created_at, updated_at)`; the same seed gives the same rows. */
export function* seededUsers({ seed, users, untilMs }: ShopSeed): Generator<readonly CopyValue[]> {
  const random = new Random(`${seed}/users`);
  for (let id = 1; id <= users; id += 1) {
    const { name, email, address } = shopUser(random);
    const at = shopTime(random, untilMs, YEAR_MS);
    yield [id, name, email, address, at, `${at}Z`];
  }
}

/** Rows of `public.transactions (id, user_id, amount, transaction_type, created_at, updated_at)`. */
export function* seededTransactions({ seed, users, transactions, untilMs }: ShopSeed): Generator<readonly CopyValue[]> {
  const random = new Random(`${seed}/transactions`);
  for (let id = 1; id <= transactions; id += 1) {
    const { amount, type } = shopSale(random);
    const at = shopTime(random, untilMs, YEAR_MS);
    yield [id, random.between(1, users), amount, type, at, `${at}Z`];
  }
}

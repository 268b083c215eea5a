import { IdSet } from './id-set.js';

export interface ExtraColumn {
  readonly name: string;
  readonly type: string;
}

/** How many keys of rows that went are remembered, to come back. */
const MAX_RETIRED = 1_000;

/** What the generator knows of the shop: which rows there are. It follows its own changes; rows of others it does not see. */
export class ShopModel {
  readonly users = new IdSet();
  readonly sales = new IdSet();
  /** Users whose notes are wide. */
  readonly noted = new IdSet();
  /** Columns that DDL added to `public.users`. */
  readonly extras: ExtraColumn[] = [];
  extrasMade = 0;
  readonly #ownerOf = new Map<number, number>();
  readonly #salesOf = new Map<number, Set<number>>();
  #retiredUsers: number[] = [];
  #retiredSales: number[] = [];
  #nextUser: number;
  #nextSale: number;

  /** The next keys that nobody else takes. */
  constructor(next: { readonly user: number; readonly sale: number }) {
    this.#nextUser = next.user;
    this.#nextSale = next.sale;
  }

  /** The first keys that were not given out. */
  get next(): { readonly user: number; readonly sale: number } {
    return { user: this.#nextUser, sale: this.#nextSale };
  }

  newUser(): number {
    return this.#nextUser++;
  }

  newSale(): number {
    return this.#nextSale++;
  }

  ownerOf(sale: number): number | undefined {
    return this.#ownerOf.get(sale);
  }

  addUser(user: number): void {
    this.users.add(user);
  }

  addSale(sale: number, user: number): void {
    this.sales.add(sale);
    this.#ownerOf.set(sale, user);
    const own = this.#salesOf.get(user) ?? new Set();
    this.#salesOf.set(user, own.add(sale));
  }

  removeSale(sale: number): void {
    this.#salesOf.get(this.#ownerOf.get(sale) ?? 0)?.delete(sale);
    this.#ownerOf.delete(sale);
    this.sales.delete(sale);
  }

  /** With the sales of the user. */
  removeUser(user: number): void {
    for (const sale of [...(this.#salesOf.get(user) ?? [])]) this.removeSale(sale);
    this.#salesOf.delete(user);
    this.noted.delete(user);
    this.users.delete(user);
  }

  /** The sales go with the user. */
  moveUser(from: number, to: number): void {
    const own = [...(this.#salesOf.get(from) ?? [])];
    const noted = this.noted.has(from);
    this.removeUser(from);
    this.addUser(to);
    if (noted) this.noted.add(to);
    for (const sale of own) this.addSale(sale, to);
  }

  moveSale(from: number, to: number): void {
    const user = this.#ownerOf.get(from) ?? 0;
    this.removeSale(from);
    this.addSale(to, user);
  }

  /** Keys that are free again, since the transaction that gave them up has ended. */
  retire({ users, sales }: { readonly users: readonly number[]; readonly sales: readonly number[] }): void {
    this.#retiredUsers = [...this.#retiredUsers, ...users].slice(-MAX_RETIRED);
    this.#retiredSales = [...this.#retiredSales, ...sales].slice(-MAX_RETIRED);
  }

  takeRetiredUser(): number | undefined {
    return this.#retiredUsers.pop();
  }

  takeRetiredSale(): number | undefined {
    return this.#retiredSales.pop();
  }

  clearSales(): void {
    this.sales.clear();
    this.#ownerOf.clear();
    this.#salesOf.clear();
  }

  clearAll(): void {
    this.clearSales();
    this.users.clear();
    this.noted.clear();
  }
}

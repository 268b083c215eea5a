import type { CopyValue } from '../database/copy-rows.js';

/** What a statement of the shop does. */
export const SHOP_KINDS = [
  'add-users',
  'add-sales',
  'change-user',
  'change-sale',
  'delete-sale',
  'delete-user',
  'bring-back-user',
  'bring-back-sale',
  'replace-sale',
  'move-user',
  'move-sale',
  'copy-sales',
  'truncate-sales',
  'truncate-all',
  'add-column',
  'fill-column',
  'rename-column',
  'change-type',
  'drop-column',
  'write-notes',
  'change-beside-notes',
  'move-beside-notes',
  'lost-savepoint',
] as const;
export type ShopKind = (typeof SHOP_KINDS)[number];

/** Prepared transactions of the shop are called `rollcall-shop-<seed>-<number>`. */
export const GID_PREFIX = 'rollcall-shop-';

export interface ShopStatement {
  readonly sql: string;
  readonly values?: readonly unknown[];
  /** Rows for a COPY … FROM STDIN. */
  readonly copy?: readonly (readonly CopyValue[])[];
}

/** One statement on one connection. Played in their order, steps never wait for each other's locks. */
export interface ShopStep extends ShopStatement {
  /** 0: the main connection; else that of a transaction which stays open. */
  readonly session: number;
  readonly kind: ShopKind | 'begin' | 'commit' | 'rollback' | 'prepare' | 'commit-prepared' | 'rollback-prepared';
  /** A transaction ends with it. `rollback`: and leaves nothing. */
  readonly ends?: 'commit' | 'rollback';
}

import type { ShopKind } from './shop-step.js';

/** What a shop does all day. */
const EVERYDAY: Readonly<Partial<Record<ShopKind, number>>> = {
  'add-users': 4,
  'add-sales': 40,
  'change-user': 10,
  'change-sale': 20,
  'delete-sale': 6,
  'delete-user': 1,
};

/** What happens on request. */
const EXTRAS = {
  keys: { 'move-user': 3, 'move-sale': 4, 'bring-back-user': 2, 'bring-back-sale': 3, 'replace-sale': 3 },
  notes: { 'write-notes': 4, 'change-beside-notes': 6, 'move-beside-notes': 2 },
  columns: { 'add-column': 1, 'fill-column': 4, 'rename-column': 0.5, 'change-type': 0.5, 'drop-column': 0.5 },
  truncate: { 'truncate-sales': 0.5, 'truncate-all': 0.3 },
  copy: { 'copy-sales': 3 },
  savepoints: { 'lost-savepoint': 3 },
} as const satisfies Readonly<Record<string, Partial<Record<ShopKind, number>>>>;

export const SHOP_EXTRAS = Object.keys(EXTRAS) as readonly ShopExtra[];
export type ShopExtra = keyof typeof EXTRAS;

export function shopWeights(extras: readonly ShopExtra[]): Readonly<Partial<Record<ShopKind, number>>> {
  return Object.assign({}, EVERYDAY, ...extras.map((extra) => EXTRAS[extra])) as Partial<Record<ShopKind, number>>;
}

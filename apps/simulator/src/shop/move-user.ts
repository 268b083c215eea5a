import type { ShopModel } from './shop-model.js';
import type { ShopOperation } from './shop-operation.js';

/** Another key for a user: the sales follow by ON UPDATE CASCADE. */
export function moveUserTo(model: ShopModel, id: number, to: number): Omit<ShopOperation, 'kind'> {
  return {
    statements: [{ sql: 'UPDATE public.users SET id = $2 WHERE id = $1', values: [id, to] }],
    users: [id, to],
    effect: () => model.moveUser(id, to),
    retired: { users: [id], sales: [] },
  };
}

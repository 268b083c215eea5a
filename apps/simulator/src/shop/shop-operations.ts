import { columnOperations } from './column-operations.js';
import { rowOperations } from './row-operations.js';
import type { OperationMaker } from './shop-operation.js';
import type { ShopKind } from './shop-step.js';

/** How each kind is made. */
export const OPERATIONS: Readonly<Record<ShopKind, OperationMaker>> = { ...rowOperations, ...columnOperations };

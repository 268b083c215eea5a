import type { Random } from '../random.js';
import type { ShopModel } from './shop-model.js';
import type { ShopKind, ShopStatement } from './shop-step.js';

export interface ShopOperation {
  readonly kind: ShopKind;
  readonly statements: readonly ShopStatement[];
  /** Users whose rows, or whose sales' rows, are locked by it. */
  readonly users: readonly number[];
  /** What the model becomes when it is not rolled back. */
  readonly effect?: () => void;
  /** Keys that are free once it was committed. */
  readonly retired?: { readonly users: readonly number[]; readonly sales: readonly number[] };
}

/** What an operation is made of. */
export interface OperationContext {
  readonly random: Random;
  readonly model: ShopModel;
  /** Rows of one statement that takes several, at most. */
  readonly maxRows: number;
  /** Whether nobody holds rows of that user. */
  readonly isFree: (user: number) => boolean;
}

/** undefined: there is no row for it now. */
export type OperationMaker = (context: OperationContext) => Omit<ShopOperation, 'kind'> | undefined;

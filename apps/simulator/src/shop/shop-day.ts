import { connect } from '../database/connect.js';
import { Random } from '../random.js';
import { emptyTally, StepPlayer, type ShopTally } from './play-steps.js';
import { readShop } from './read-shop.js';
import type { ShopModel } from './shop-model.js';
import type { OperationContext } from './shop-operation.js';
import { OPERATIONS } from './shop-operations.js';
import type { ShopKind, ShopStep } from './shop-step.js';

/** How often each thing happens on one day. */
const DAY: readonly (readonly [ShopKind, number])[] = [
  ['add-users', 5],
  ['add-sales', 50],
  ['change-user', 4],
  ['change-sale', 20],
  ['delete-sale', 5],
  ['delete-user', 1],
];

/** The daily load as one transaction: 5 users and 50 transactions more, some changed, a few gone. Pure. */
export function* dayOfShop(model: ShopModel, seed: string): Generator<ShopStep> {
  const context: OperationContext = { random: new Random(`${seed}/day`), model, maxRows: 1, isFree: () => true };
  yield { session: 0, kind: 'begin', sql: 'BEGIN' };
  for (const [kind, count] of DAY) {
    for (let n = 0; n < count; n += 1) {
      const made = OPERATIONS[kind](context);
      made?.effect?.();
      for (const statement of made?.statements ?? []) yield { ...statement, session: 0, kind };
    }
  }
  yield { session: 0, kind: 'commit', sql: 'COMMIT', ends: 'commit' };
}

/** Lets a day pass in the shop. Not idempotent: each call is another day. Throws RollcallError source/*. */
export async function passDay(url: string, seed: string): Promise<ShopTally> {
  await using connection = await connect(url, 'simulator shop');
  const tally = emptyTally();
  await using player = new StepPlayer(url, tally);
  const { model, release } = await readShop(connection.client, { users: 100, sales: 1_000 });
  for (const step of dayOfShop(model, seed)) await player.play(step);
  await release();
  return tally;
}

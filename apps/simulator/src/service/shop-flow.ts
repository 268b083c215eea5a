import type { Logger, Secret } from '@rollcall/service';
import { loadShop } from '../shop/load-shop.js';
import { emptyTally, type ShopTally } from '../shop/play-steps.js';
import { setupShop } from '../shop/setup-shop.js';
import { shopWeights } from '../shop/shop-weights.js';
import { lastMidnight } from '../last-midnight.js';
import { keepTrying } from './keep-trying.js';

export interface ShopFlowOptions {
  readonly url: Secret;
  readonly extractPassword: Secret | undefined;
  readonly seed: string;
  /** 0: the shop is made, and rests. */
  readonly transactionsPerSecond: number;
  readonly nowMs: () => number;
}

const USERS = 10_000;
const TRANSACTIONS = 100_000;
/** Some transactions stay open for a while, as in every shop: their rows come with stamps of long ago. */
const LATE_SHARE = 0.05;
const LATE_SECONDS = 10;

/** A shop that lives: made where it is absent, then worked in a little. */
export class ShopFlow {
  readonly tally: ShopTally = emptyTally();
  readonly #options: ShopFlowOptions;
  readonly #log: Logger;

  constructor(options: ShopFlowOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  /** Returns when the signal is aborted, with nothing left open. A database that is away is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    await keepTrying('the shop is away', () => this.#live(signal), signal, this.#log);
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { url, extractPassword, seed, transactionsPerSecond: rate, nowMs } = this.#options;
    const ready = await setupShop(url.reveal(), {
      seed: 'shop',
      users: USERS,
      transactions: TRANSACTIONS,
      untilMs: lastMidnight(nowMs()),
      extraction: true,
      extractPassword: extractPassword?.reveal(),
      audit: false,
    });
    this.#log.info({ ...ready }, 'the shop stands');
    if (rate === 0) return;
    const script = {
      seed: `${seed}-${nowMs()}`,
      weights: shopWeights(['keys']),
      maxOperations: 3,
      maxRows: 3,
      rollbackShare: 0.02,
      lateShare: LATE_SHARE,
      preparedShare: 0,
      lateFor: Math.ceil(rate * LATE_SECONDS),
    };
    const endless = { transactions: Infinity, durationMs: Infinity, relaxed: false };
    await loadShop(url.reveal(), { script, ratePerSecond: rate, ...endless, signal }, this.tally);
  }
}

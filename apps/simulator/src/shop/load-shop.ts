import { connect } from '../database/connect.js';
import { dueNow, untilDueMs } from '../events/due.js';
import { pause } from '../pause.js';
import { StepPlayer, type ShopTally } from './play-steps.js';
import { readShop } from './read-shop.js';
import { ShopScript, type ScriptOptions } from './shop-script.js';

export interface ShopLoad {
  readonly script: ScriptOptions;
  /** Transactions per second; Infinity: as fast as the shop takes them. */
  readonly ratePerSecond: number;
  /** Infinity: until the time is over or somebody stops it. */
  readonly transactions: number;
  readonly durationMs: number;
  /** Commits do not wait for the disk. */
  readonly relaxed: boolean;
  readonly signal: AbortSignal;
}

/** After so many transactions the shop is looked at again: others may have worked in it. */
const CHUNK = 5_000;

/**
 * Works in the shop at a steady mean rate; the tally is kept up to date on the way. What stays open is ended in order at the end, also when
 * the signal ends it. Throws RollcallError source/* when the database is away: what was prepared then waits for the next set-up.
 */
export async function loadShop(url: string, load: ShopLoad, tally: ShopTally): Promise<void> {
  const startMs = performance.now();
  const over = (): boolean => load.signal.aborted || performance.now() - startMs >= load.durationMs;
  await using connection = await connect(url, 'simulator shop');
  await using player = new StepPlayer(url, tally, load.relaxed);
  const { script: options, ratePerSecond } = load;
  const operations = CHUNK * options.maxOperations;
  const wanted = {
    users: 3 * operations,
    sales: operations * options.maxRows * (options.weights['copy-sales'] ? 10 : 1),
  };
  for (let begun = 0; begun < load.transactions && !over();) {
    const { model, release } = await readShop(connection.client, wanted);
    const script = new ShopScript(model, { ...options, seed: `${options.seed}-${begun}` });
    for (const step of script.first()) await player.play(step);
    for (let inChunk = 0; inChunk < CHUNK && begun < load.transactions && !over();) {
      const elapsedMs = performance.now() - startMs;
      if (dueNow(elapsedMs, begun, ratePerSecond, 1) === 0) {
        await pause(Math.min(untilDueMs(elapsedMs, begun, ratePerSecond), load.durationMs - elapsedMs), load.signal);
        continue;
      }
      for (const step of script.next()) await player.play(step);
      [begun, inChunk] = [begun + 1, inChunk + 1];
    }
    for (const step of script.finish()) await player.play(step);
    await release();
  }
}

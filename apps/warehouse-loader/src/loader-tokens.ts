import { batchWritten, type RunFinished } from '@rollcall/contracts';
import type { ConsumerExtras } from '@rollcall/service';

/** Keeps what runs said of themselves when they ended. */
export interface RunRecorder {
  record(finished: RunFinished): Promise<void>;
}
export const RUN_RECORDER = Symbol('rollcall run recorder');

/**
 * A round of announcements. Waiting a moment for company makes transactions larger when much arrives and costs little when not;
 * of two rounds at once, one stages while the other commits.
 */
export const LOAD_ROUND: ConsumerExtras = {
  durable: 'loader-batches',
  contract: batchWritten,
  batch: { max: 64, waitMs: 150 },
  concurrency: 2,
};

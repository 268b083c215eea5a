import { runRequested } from '@rollcall/contracts';
import type { ConsumerExtras } from '@rollcall/service';

/**
 * A batch of event messages becomes one object a dataset: large enough not to make small files under load, soon enough to land within
 * about a second. While one batch is written the next one is read.
 */
export const EVENTS_ROUND = {
  durable: 'ingest-logs-events',
  batch: { max: 5_000, maxBytes: 8 * 1024 * 1024, waitMs: 1_000 },
  concurrency: 2,
} as const satisfies ConsumerExtras;

export const RUNS_ROUND = {
  durable: 'ingest-logs-runs',
  contract: runRequested('logs'),
} as const satisfies ConsumerExtras;

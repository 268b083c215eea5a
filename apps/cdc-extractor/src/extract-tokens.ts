import { runRequested } from '@rollcall/contracts';
import type { ConsumerExtras } from '@rollcall/service';

export const RUNS_ROUND = {
  durable: 'cdc-extractor-runs',
  contract: runRequested('postgres'),
} as const satisfies ConsumerExtras;

import { batchLoaded } from '@rollcall/contracts';
import type { ConsumerExtras } from '@rollcall/service';

/** What the inbox needs of the engine. */
export interface LoadListener {
  /** A load of the dataset is committed. `trace`: the W3C traceparent it belongs to. */
  loaded(dataset: string, trace?: string): void;
}
export const LOAD_LISTENER = Symbol('rollcall load listener');

/** Marks are cheap and a lost one is found by the next sweep: many at a time, without waiting for company. */
export const LOADS: ConsumerExtras = {
  durable: 'reporting-loads',
  contract: batchLoaded,
  batch: { max: 256, waitMs: 20 },
};

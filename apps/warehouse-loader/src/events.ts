import type { BatchWritten, LoadCounts } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { Logger } from '@rollcall/service';
import type { CommittedLoad, WaitingBatch } from '@rollcall/warehouse';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { PlannedLoad } from './stages/plan-loads.js';

/** Every business event of the loader: one helper each, metric and log record together. */
export interface LoaderEvents {
  loaded(load: CommittedLoad, seconds: number): void;
  loadFailed(planned: PlannedLoad, error: unknown): void;
  unannounced(batches: readonly BatchWritten[]): void;
  scanned(range: string, found: number, seconds: number): void;
  scanFailed(range: string, error: RollcallError): void;
  gapOpen(dataset: string, ageSeconds: number, waiting: readonly WaitingBatch[], stopped: boolean): void;
  gapClosed(dataset: string): void;
}

export function loaderEvents(logger: Logger, registry: Registry): LoaderEvents {
  const registers = [registry];
  const rows = new Counter({
    name: 'rollcall_rows_loaded_total',
    help: 'Rows accounted for by committed loads, by what became of them',
    labelNames: ['dataset', 'fate'],
    registers,
  });
  const batches = new Counter({
    name: 'rollcall_batches_loaded_total',
    help: 'Batches in committed loads',
    labelNames: ['dataset'],
    registers,
  });
  const failures = new Counter({
    name: 'rollcall_loads_failed_total',
    help: 'Loads that did not commit, by error code',
    labelNames: ['dataset', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'rollcall_load_seconds',
    help: 'From the first fetch to the announcement of a load',
    labelNames: ['dataset'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers,
  });
  const unannounced = new Counter({
    name: 'rollcall_batches_unannounced_total',
    help: 'Batches a scan found in the lake without a ledger entry',
    labelNames: ['dataset'],
    registers,
  });
  const gap = new Gauge({
    name: 'rollcall_chain_gap_seconds',
    help: 'Age of the gap a dataset waits for; 0 when it waits for nothing',
    labelNames: ['dataset'],
    registers,
  });
  const stopped = new Gauge({
    name: 'rollcall_dataset_stopped',
    help: '1 while a dataset waits for a batch that is not in the lake',
    labelNames: ['dataset'],
    registers,
  });

  return {
    loaded(load, took) {
      const { in: taken, ...fates } = load.counts;
      for (const [fate, count] of Object.entries(fates)) rows.inc({ dataset: load.dataset, fate }, count);
      batches.inc({ dataset: load.dataset }, load.batchIds.length);
      seconds.observe({ dataset: load.dataset }, took);
      logger.info(
        {
          dataset: load.dataset,
          loadId: load.loadId,
          batches: load.batchIds.length,
          rows: taken,
          ...nonZero(fates),
          seconds: round(took),
        },
        'batches loaded',
      );
    },
    loadFailed(planned, error) {
      const code = error instanceof RollcallError ? error.code : 'unknown-error';
      failures.inc({ dataset: planned.dataset, code });
      const facts = { dataset: planned.dataset, batches: planned.batches.map((b) => b.batchId), code, err: error };
      if (error instanceof RollcallError && error.retry === 'timed')
        logger.warn(facts, 'load failed, it is tried again');
      else logger.error(facts, 'load failed');
    },
    unannounced(found) {
      for (const batch of found) unannounced.inc({ dataset: batch.dataset });
      logger.info(
        { batches: found.length, datasets: [...new Set(found.map((b) => b.dataset))] },
        'unannounced batches found in the lake',
      );
    },
    scanned(range, found, took) {
      logger.info({ range, found, seconds: round(took) }, 'lake scanned');
    },
    scanFailed(range, error) {
      logger.warn({ range, code: error.code, err: error }, 'lake scan failed, it is tried again');
    },
    gapOpen(dataset, ageSeconds, waiting, isStopped) {
      gap.set({ dataset }, ageSeconds);
      stopped.set({ dataset }, isStopped ? 1 : 0);
      if (isStopped) {
        logger.error(
          { dataset, waiting: waiting.slice(0, 5), hint: new RollcallError('load/chain-gap', '').hint },
          'dataset stopped: a batch of its chain is missing in the lake',
        );
      }
    },
    gapClosed(dataset) {
      gap.set({ dataset }, 0);
      stopped.set({ dataset }, 0);
      logger.info({ dataset }, 'chain complete again');
    },
  };
}

function nonZero(counts: Omit<LoadCounts, 'in'>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

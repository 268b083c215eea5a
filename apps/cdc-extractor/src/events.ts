import type { Dataset } from '@rollcall/catalog';
import type { RollcallError } from '@rollcall/kernel';
import type { Logger, RunEvents } from '@rollcall/service';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { LandingEvents } from './land/land-batch.js';
import { logEvents, type LogEvents } from './log/log-events.js';

/** What stands in the way of a safe point. Never a query or a row. */
export interface Holder {
  readonly pid?: number;
  readonly user?: string;
  readonly gid?: string;
  readonly ageSeconds: number;
}

export interface ReadEvents {
  /** A range of a whole read is done. */
  rangeRead(dataset: Dataset, progress: { readonly rows: number; readonly rangesLeft: number }): void;
  /** How far the limit of a watermark is behind the source's clock; undefined where the cursor is no time. */
  limitJudged(dataset: Dataset, lagSeconds: number | undefined, openSeconds: number): void;
  limitStalled(dataset: Dataset, seconds: number, holders: readonly Holder[]): void;
}

export interface SourceEvents {
  /** What stands in the way of a source, and what may surprise. Said once, until it changes. */
  sourceExamined(
    source: string,
    found: { readonly stops: readonly string[]; readonly warnings: readonly string[] },
  ): void;
  sourceFailed(source: string, error: RollcallError): void;
}

/** Every business event of the extractor: one helper each, metric and log record together. */
export type ExtractEvents = LandingEvents & ReadEvents & SourceEvents & LogEvents & RunEvents;

export function extractEvents(logger: Logger, registry: Registry): ExtractEvents {
  const figures = extractFigures(registry);
  const told = new Map<string, string>();
  return {
    ...logEvents(logger, registry),
    batchLanded({ name: dataset, source }, { batchId, rows, bytes }) {
      figures.batches.inc({ dataset, source });
      figures.rows.inc({ dataset, source }, rows);
      figures.bytes.inc({ dataset, source }, bytes);
      logger.debug({ dataset, batchId, rows, bytes }, 'batch landed');
    },
    rangeRead({ name: dataset, source }, { rows, rangesLeft }) {
      figures.rangesLeft.set({ dataset, source }, rangesLeft);
      logger.debug({ dataset, rows, rangesLeft }, 'range read');
    },
    limitJudged({ name: dataset, source }, lagSeconds, openSeconds) {
      if (lagSeconds !== undefined) figures.limitLag.set({ dataset, source }, lagSeconds);
      figures.openAge.set({ source }, openSeconds);
    },
    limitStalled({ name: dataset, source }, seconds, holders) {
      const facts = { dataset, source, seconds, holders };
      logger.warn(facts, 'the safe point stands still: rows are delivered, and read again until the transaction ends');
    },
    sourceExamined(source, { stops, warnings }) {
      figures.fit.set({ source }, stops.length === 0 ? 1 : 0);
      const text = JSON.stringify([stops, warnings]);
      const before = told.get(source);
      if (before === text) return;
      told.set(source, text);
      if (warnings.length > 0) logger.warn({ source, warnings }, 'what may surprise about the source');
      if (stops.length > 0) logger.error({ source, faults: stops }, 'the source cannot be read');
      else logger.info({ source }, 'nothing stands in the way of reading the source');
    },
    sourceFailed(source, error) {
      figures.failures.inc({ source, code: error.code });
      logger.warn(
        { source, code: error.code, hint: error.hint, err: error },
        'reading the source failed, it is tried again',
      );
    },
    runStarted({ runId, source, dataset, mode, dryRun, requestedBy }) {
      logger.info({ runId, source, dataset, mode, dryRun, requestedBy }, 'run started');
    },
    runFinished({ runId, source, dataset }, result) {
      figures.runs.inc({ source, verdict: result.verdict });
      logger.info({ runId, source, dataset, ...result }, 'run finished');
    },
    runInterrupted({ runId, source, dataset }, error) {
      figures.failures.inc({ source, code: error.code });
      const facts = { runId, source, dataset, code: error.code, hint: error.hint, err: error };
      logger.warn(facts, 'run interrupted, it is taken up again');
    },
  };
}

function extractFigures(registry: Registry) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name: `rollcall_extract_${name}_total`, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name: `rollcall_extract_${name}`, help, labelNames: [...labelNames], registers });
  return {
    rows: counter('rows', 'Rows in announced batches.', ['dataset', 'source']),
    batches: counter('batches', 'Announced batches.', ['dataset', 'source']),
    bytes: counter('bytes', 'Bytes of announced batch objects.', ['dataset', 'source']),
    runs: counter('runs', 'Runs ended, by verdict.', ['source', 'verdict']),
    failures: counter('failures', 'Reads that failed and are tried again, by code.', ['source', 'code']),
    rangesLeft: gauge('ranges_left', 'Ranges of a whole read that are to be read.', ['dataset', 'source']),
    limitLag: gauge('limit_lag_seconds', 'How far the safe point is behind the clock of the source.', [
      'dataset',
      'source',
    ]),
    openAge: gauge('open_transaction_seconds', 'Age of the oldest transaction that holds a safe point back.', [
      'source',
    ]),
    fit: gauge('source_fit', '1 while nothing stands in the way of reading the source.', ['source']),
  };
}

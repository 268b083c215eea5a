import { type RollcallError } from '@rollcall/kernel';
import type { Logger } from '@rollcall/service';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Served } from './engine/ops-report.js';
import type { ReportBook } from './engine/report-book.js';

export type RefreshOutcome = 'refreshed' | 'current' | 'held' | 'failed' | 'busy' | 'unavailable';

/** Every business event of the engine: one helper each, metric and log record together. */
export interface ReportingEvents {
  /** `seconds`: from the lock to the commit. */
  refreshed(served: Served, seconds: number): void;
  /** Anything else that a try may end with, but for an outage. */
  ended(report: string, outcome: Exclude<RefreshOutcome, 'refreshed' | 'unavailable'>, seconds: number): void;
  /** A newer state or revision is not served. */
  notServed(report: string, revision: string, why: RollcallError): void;
  /** The world is to blame; it is tried again. */
  postponed(what: string, error: RollcallError): void;
  invalid(report: string, faults: readonly string[]): void;
  folderRead(reports: number, faulty: number, seconds: number): void;
  removed(report: string): void;
  kept(report: string, reason: string): void;
}

export function reportingEvents(logger: Logger, registry: Registry): ReportingEvents {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'rollcall_report_refresh_seconds',
    help: 'Time of refreshes that are served',
    labelNames: ['report'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const outcomes = new Counter({
    name: 'rollcall_report_refreshes_total',
    help: 'Tries to refresh a report, by how they ended',
    labelNames: ['report', 'outcome'],
    registers,
  });
  const changed = new Counter({
    name: 'rollcall_report_rows_changed_total',
    help: 'Rows that refreshes inserted, updated or deleted',
    labelNames: ['report'],
    registers,
  });
  return {
    refreshed({ report, refreshId, rows, rowsChanged, asOf, tests }, took) {
      seconds.observe({ report: report.name }, took);
      outcomes.inc({ report: report.name, outcome: 'refreshed' });
      changed.inc({ report: report.name }, rowsChanged);
      const testsFailed = tests.filter(({ passed }) => !passed).length;
      logger.info(
        { report: report.name, refreshId, rows, rowsChanged, asOf, testsFailed, seconds: round(took) },
        'report refreshed',
      );
    },
    ended(report, outcome, took) {
      outcomes.inc({ report, outcome });
      logger.debug({ report, outcome, seconds: round(took) }, 'refresh ended');
    },
    notServed(report, revision, { message: reason, code, hint }) {
      logger.error({ report, revision, reason, code, hint }, 'a newer state of the report is not served');
    },
    postponed(what, error) {
      if (what.startsWith('report ')) outcomes.inc({ report: what.slice('report '.length), outcome: 'unavailable' });
      logger.warn({ what, code: error.code, err: error }, 'not possible now, it is tried again');
    },
    invalid(report, faults) {
      logger.error({ report, faults: faults.slice(0, 20) }, 'the folder of the report cannot be served');
    },
    folderRead(reports, faulty, took) {
      logger.info({ reports, faulty, seconds: round(took) }, 'reports read');
    },
    removed(report) {
      logger.info({ report }, 'report removed');
    },
    kept(report, reason) {
      logger.warn({ report, reason }, 'report without a folder is kept');
    },
  };
}

/** Gauges over what is served, read at every scrape. */
export function watchBook(book: ReportBook, registry: Registry, nowMs: () => number): void {
  const gauge = (
    name: string,
    help: string,
    read: (at: ReturnType<ReportBook['list']>[number]) => number | null,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames: ['report'],
      registers: [registry],
      collect() {
        this.reset();
        for (const standing of book.list()) {
          const value = read(standing);
          if (value !== null) this.set({ report: standing.report.name }, value);
        }
      },
    });
  };
  gauge('rollcall_report_age_seconds', 'Time since the source data was complete', ({ asOf }) =>
    asOf === null ? null : (nowMs() - Date.parse(asOf)) / 1000,
  );
  gauge('rollcall_report_rows', 'Rows of the report', ({ rows }) => rows);
  gauge(
    'rollcall_report_tests_failed',
    'Tests that the newest state fails',
    ({ tests }) => tests.filter(({ passed }) => !passed).length,
  );
  gauge('rollcall_report_held_back', '1 while a newer state is not served', ({ heldBack }) => (heldBack ? 1 : 0));
  gauge(
    'rollcall_report_rows_withheld',
    'Records of the inputs that are not in the numbers',
    ({ withheld }) => withheld,
  );
  new Gauge({
    name: 'rollcall_reports_invalid',
    help: 'Folders whose newest edit cannot be served',
    registers: [registry],
    collect() {
      this.set(book.broken().length + book.list().filter(({ faults }) => faults.length > 0).length);
    },
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

import { RollcallError } from '@rollcall/kernel';
import type { Report } from '@rollcall/reports';
import { sqlState } from '@rollcall/warehouse';
import type { Placed } from './report-sql.js';

/** A failure that belongs to one report: it is noted there, and the others go on. */
export function isReportFailure(error: unknown): error is RollcallError {
  return error instanceof RollcallError && (error.code === 'report/failed' || error.code === 'warehouse/custom-view');
}

/**
 * What went wrong while a report was computed, as people may read it: `reports/x/view.sql:3:7: error: division by zero [22012]`.
 * Outages, locks and missing rights come back as they are: they say nothing about the report. What the server does not name is a bug.
 * @param where the statement with the report's own SQL in it, or the file that is to blame
 */
export function viewFailure(report: Report, error: unknown, where: Placed | string = report.file): unknown {
  const state = sqlState(error);
  if (state === undefined || isReportFailure(error) || !isOfTheReport(state)) return error;
  const place = typeof where === 'string' ? where : placeIn(report, serverError(error), where);
  return new RollcallError('report/failed', `${place}: error: ${messageOf(error, state)} [${state}]`, { cause: error });
}

/** Runs what may fail on a report. */
export async function placing<T>(report: Report, where: Placed | string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw viewFailure(report, error, where);
  }
}

/** Data (22), cardinality (21), names and types (42), features (0A), limits (54), integrity (23), what stands on it (2B), the server's own faults (XX), a statement that takes too long. */
function isOfTheReport(state: string): boolean {
  return /^(22|21|42|0A|54|23|2B|XX)/.test(state) ? state !== '42501' : state === '57014';
}

const TOO_LONG = 'takes longer than a statement may';

/** The primary message alone: details and hints hold values of rows. In messages about data, what is quoted is a value too. */
function messageOf(error: unknown, state: string): string {
  if (state === '57014') return TOO_LONG;
  const message = serverError(error)?.message ?? 'cannot be computed';
  return /^22/.test(state) ? message.replace(/"[^]*"/, '"…"') : message;
}

function serverError(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return error instanceof RollcallError ? serverError(error.cause) : error;
}

/** `position` counts characters of the whole statement from 1. */
function placeIn(report: Report, error: Error | undefined, { sqlAt, text }: Placed): string {
  const position = error === undefined ? NaN : Number(Reflect.get(error, 'position'));
  const before = [...text].slice(sqlAt, position - 1);
  if (!(position > sqlAt) || before.length >= [...report.sql].length) return report.sqlFile;
  const lines = before.join('').split('\n');
  return `${report.sqlFile}:${lines.length}:${[...(lines.at(-1) ?? '')].length + 1}`;
}

import { dirname, join } from 'node:path';
import { testStatement, type Report, type ReportTest } from '@rollcall/reports';
import type { TestOutcome } from '@rollcall/reports/shown';
import type { Session } from '@rollcall/warehouse';
import { placing } from './view-failure.js';

/**
 * Runs the tests of a report over the state that is about to be served, one after the other. Throws report/failed for one that cannot be run.
 * @param relation that state, quoted
 */
export async function runTests(session: Session, report: Report, relation: string): Promise<readonly TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const test of report.tests) {
    const { text, values } = testStatement(report, test, relation);
    const rows = await placing(report, fileOf(report, test), () => session.rows<{ failures: string }>(text, values));
    const failures = Number(rows[0]?.failures ?? 0);
    outcomes.push({ name: test.name, severity: severityOf(report, test), passed: failures === 0, failures });
  }
  return outcomes;
}

/** Rows of a table are told apart by the grain: there its test holds back whatever the report says. */
function severityOf(report: Report, test: ReportTest): ReportTest['severity'] {
  return test.kind === 'grain' && report.materialize ? 'hold' : test.severity;
}

function fileOf(report: Report, test: ReportTest): string {
  return test.kind === 'sql' ? join(dirname(report.file), test.sqlFile) : report.file;
}

/** Why a state may not be served; undefined: it may. */
export function holdReason(outcomes: readonly TestOutcome[]): string | undefined {
  const failed = outcomes.filter(({ severity, passed }) => severity === 'hold' && !passed);
  if (failed.length === 0) return undefined;
  return failed.map(({ name, failures }) => `test ${name} fails on ${count(failures)}`).join('; ');
}

function count(failures: number): string {
  return failures === 1 ? '1 row' : `${failures} rows`;
}

import {
  chartCountStatement,
  chartStatement,
  countStatement,
  describeFilters,
  rowsStatement,
  testStatement,
  tilesStatement,
  type Report,
  type Statement,
} from '@rollcall/reports';
import type { Row } from '@rollcall/reports/shown';
import type { Session } from '@rollcall/warehouse';
import type { PreviewRequest } from './preview-request.js';

/** What a report would show. */
export interface Preview {
  readonly rows: readonly Row[];
  /** Of all rows that match. */
  readonly total: number;
  /** The filters in words. */
  readonly filteredBy: readonly string[];
  readonly tiles: Row;
  readonly tests: readonly { readonly name: string; readonly severity: 'hold' | 'warn'; readonly failures: number }[];
  readonly chart?: { readonly rows: readonly Row[]; readonly leftOut: number };
}

/** Reads all of it from the relation that holds the report's rows. Throws RollcallError `warehouse/*`. */
export async function readPreview(
  session: Session,
  report: Report,
  { query, drawing }: PreviewRequest,
  relation: string,
): Promise<Preview> {
  const ask = <R extends object = Row>({ text, values }: Statement): Promise<readonly R[]> =>
    session.rows<R>(text, values);
  const count = async (statement: Statement): Promise<number> =>
    Number((await ask<{ total: string }>(statement))[0]?.total);
  const tests: Preview['tests'][number][] = [];
  for (const test of report.tests) {
    const [found] = await ask<{ failures: string }>(testStatement(report, test, relation));
    tests.push({ name: test.name, severity: test.severity, failures: Number(found?.failures) });
  }
  const { filters } = query;
  return {
    rows: (await ask(rowsStatement(report, query, relation))).slice(0, query.limit),
    total: await count(countStatement(report, filters, relation)),
    filteredBy: describeFilters(report, filters),
    tiles: (await ask(tilesStatement(report, filters, relation)))[0] ?? {},
    tests,
    ...(drawing && { chart: await chartRows() }),
  };

  async function chartRows(): Promise<NonNullable<Preview['chart']>> {
    if (!drawing) throw new Error('no chart was asked for');
    const rows = (await ask(chartStatement(report, drawing.chart, filters, relation))).slice(0, drawing.chart.limit);
    return {
      rows,
      leftOut: (await count(chartCountStatement(report, drawing.chart, filters, relation))) - rows.length,
    };
  }
}

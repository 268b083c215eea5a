import { quoteIdentifier } from '@rollcall/warehouse';
import type { Report, ReportTest } from '../report.js';
import type { Statement } from './rows-query.js';
import { Binds, columnOf, relationOf } from './sql-builder.js';

/** Counts the rows that offend a test: one row with `failures` (text). `relation` is the state about to be served, quoted. */
export function testStatement(report: Report, test: ReportTest, relation = relationOf(report)): Statement {
  const binds = new Binds();
  const failures = (from: string): Statement => binds.statement(`SELECT count(*)::text AS failures FROM ${from}`);
  switch (test.kind) {
    case 'grain': {
      const columns = report.grain.map(quoteIdentifier);
      const empty = columns.map((column) => `${column} IS NULL`).join(' OR ');
      const list = columns.join(', ');
      return failures(`(SELECT 1 FROM ${relation} GROUP BY ${list} HAVING count(*) > 1 OR ${empty}) AS offending`);
    }
    case 'not_null':
      return failures(`${relation} WHERE ${quoteIdentifier(test.column)} IS NULL`);
    case 'accepted': {
      const { type } = columnOf(report, test.column);
      const values = test.values.map((value) => binds.put(value, type));
      return failures(`${relation} WHERE ${quoteIdentifier(test.column)} NOT IN (${values.join(', ')})`);
    }
    case 'range': {
      const { type } = columnOf(report, test.column);
      const column = quoteIdentifier(test.column);
      const parts = [
        ...(test.min === undefined ? [] : [`${column} < ${binds.put(test.min, type)}`]),
        ...(test.max === undefined ? [] : [`${column} > ${binds.put(test.max, type)}`]),
      ];
      return failures(`${relation} WHERE ${parts.length === 0 ? 'false' : parts.join(' OR ')}`);
    }
    case 'sql':
      // A name for the state, so that the test reads `report` whatever it is called.
      return binds.statement(`${sqlTestHead(relation)}${test.sql}\n) AS offending`);
  }
}

/** What stands before the text of a test: places of errors count from behind it. */
export function sqlTestHead(relation: string): string {
  return `WITH report AS (SELECT * FROM ${relation}) SELECT count(*)::text AS failures FROM (\n`;
}

import type { Path } from '@rollcall/catalog';
import { postgresType, type LogicalType } from '@rollcall/catalog';
import { scanSql } from '../format/sql-tokens.js';
import { chartStatement } from '../query/chart-statement.js';
import { readFilters } from '../query/read-filters.js';
import { readRowsQuery } from '../query/read-rows-query.js';
import type { Statement } from '../query/rows-query.js';
import { rowsStatement } from '../query/rows-statement.js';
import { columnOf } from '../query/sql-builder.js';
import { sqlTestHead } from '../query/test-statement.js';
import { tilesStatement } from '../query/tiles-statement.js';
import type { EvidenceRule, Report } from '../report.js';
import { placedSql, type Replacement } from './placed-sql.js';
import type { Trial } from './trial.js';

/** What of a report reads other relations than its own. */
export function evidenceTrials(report: Report): readonly Trial[] {
  return report.evidence.map((rule) => {
    const { replacements, values } = bound(rule.sql, (name) => columnOf(report, name).type);
    return {
      what: `the evidence of ${rule.dataset}`,
      holdsOthers: false,
      sql: placedSql(
        'EXPLAIN SELECT evidence."_batch_id", evidence."_position" FROM (\n',
        rule.sql,
        '\n) AS evidence',
        replacements,
      ),
      values,
      at: { path: ['evidence', rule.dataset, 'sql'] },
    };
  });
}

/** What reads the report's own rows, and the proofs. */
export function rowTrials(report: Report, relation: string): readonly Trial[] {
  const filters = readFilters(report, new Map()).filters ?? new Map();
  const { query } = readRowsQuery(report, new Map());
  return [
    ...conditionTrials(report, relation),
    ...report.evidence.flatMap((rule) => proofTrials(report, rule)),
    ...testTrials(report, relation),
    ...(query ? [generated('the table', rowsStatement(report, query, relation), ['show'])] : []),
    generated('the tiles', tilesStatement(report, filters, relation), ['show']),
    ...report.charts.map((chart) =>
      generated(`chart ${chart.name}`, chartStatement(report, chart, filters, relation), chartPath(report, chart.name)),
    ),
  ];
}

function conditionTrials(report: Report, relation: string): readonly Trial[] {
  return report.filters.flatMap((filter): readonly Trial[] => {
    if (filter.op !== 'where') return [];
    const { replacements, values } = bound(filter.sql, () => filter.type);
    const sql = placedSql(`EXPLAIN SELECT 1 FROM ${relation} WHERE (\n`, filter.sql, '\n)', replacements);
    return [
      { what: `filter ${filter.name}`, holdsOthers: false, sql, values, at: { path: ['filters', filter.name, 'sql'] } },
    ];
  });
}

function proofTrials(report: Report, rule: EvidenceRule): readonly Trial[] {
  return rule.proves.map(({ column, sql }) => {
    const { replacements, values } = bound(rule.sql, (name) => columnOf(report, name).type);
    const evidence = placedSql('', rule.sql, '', replacements).text;
    const tail = `\n)::${postgresType(columnOf(report, column).type)} FROM (\n${evidence}\n) AS evidence`;
    return {
      what: `the proof of ${column}`,
      holdsOthers: true,
      sql: placedSql('EXPLAIN SELECT (\n', sql, tail),
      values,
      at: { path: ['evidence', rule.dataset, 'proves', column] },
    };
  });
}

function testTrials(report: Report, relation: string): readonly Trial[] {
  return report.tests.flatMap((test): readonly Trial[] => {
    if (test.kind !== 'sql') return [];
    const sql = placedSql(`EXPLAIN ${sqlTestHead(relation)}`, test.sql, '\n) AS offending');
    return [
      { what: `test ${test.name}`, holdsOthers: false, sql, values: [], at: { file: test.sqlFile, text: test.sql } },
    ];
  });
}

/** A statement that we wrote: whatever the server says of it is said at the part of the report that asked for it. */
function generated(what: string, { text, values }: Statement, path: Path): Trial {
  return { what, holdsOthers: true, sql: placedSql(`EXPLAIN ${text}`, '', ''), values, at: { path } };
}

function chartPath(report: Report, chart: string): Path {
  const at = report.layout.findIndex((row) => row.kind === 'charts' && row.charts.includes(chart));
  return ['show', Math.max(at, 0), 'chart', 'name'];
}

/** Every `:name` as a typed NULL of its own. */
function bound(
  sql: string,
  typeOf: (name: string) => LogicalType,
): { readonly replacements: readonly Replacement[]; readonly values: readonly null[] } {
  const parameters = scanSql(sql).tokens.filter(({ kind }) => kind === 'parameter');
  const replacements = parameters.map(({ text, start, end }, at) => ({
    start,
    end,
    text: `($${at + 1}::${postgresType(typeOf(text))})`,
  }));
  return { replacements, values: parameters.map(() => null) };
}

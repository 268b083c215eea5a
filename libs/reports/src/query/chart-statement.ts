import { formatLogicalType, type LogicalType } from '@rollcall/catalog';
import { quoteIdentifier } from '@rollcall/warehouse';
import type { Chart, Report } from '../report.js';
import type { ColumnInfo } from '../shown/api.js';
import { aggregateSql } from './aggregate-sql.js';
import type { FilterValues, Statement } from './rows-query.js';
import { Binds, cellSql, columnOf, orderBySql, relationOf } from './sql-builder.js';
import { whereSql } from './where-sql.js';

/** The rows that a chart draws, in its order, and one more: whether some are left out. */
export function chartStatement(
  report: Report,
  chart: Chart,
  filters: FilterValues,
  relation = relationOf(report),
): Statement {
  const binds = new Binds();
  const where = whereSql(report, filters, binds, relation);
  const drawn = drawnColumns(report, chart);
  const cells = drawn.map(
    ({ name, type }) => `${cellSql(type, `drawn.${quoteIdentifier(name)}`)} AS ${quoteIdentifier(name)}`,
  );
  // Ties are broken by what tells the rows apart, so that a limit cuts the same rows every time.
  const keys = [...chart.sort, ...(chart.group ?? report.grain).map((column) => ({ column, descending: false }))];
  const known = chart.group ? drawn : report.columns;
  const order = orderBySql(
    keys.filter(({ column }, at) => keys.findIndex((key) => key.column === column) === at),
    known,
    'drawn.',
  );
  const limit = binds.put(chart.limit + 1, { name: 'int4' });
  return binds.statement(
    `SELECT ${cells.join(', ')} FROM (${sourceSql(report, chart, relation, where)}) AS drawn${order} LIMIT ${limit}`,
  );
}

/** How many rows the chart's filters let through to it: what is left out is this less what is drawn. */
export function chartCountStatement(
  report: Report,
  chart: Chart,
  filters: FilterValues,
  relation = relationOf(report),
): Statement {
  const binds = new Binds();
  const where = whereSql(report, filters, binds, relation);
  return binds.statement(`SELECT count(*)::text AS total FROM (${sourceSql(report, chart, relation, where)}) AS drawn`);
}

function sourceSql(report: Report, chart: Chart, relation: string, where: string): string {
  if (!chart.group) return `SELECT * FROM ${relation} WHERE ${where}`;
  const group = chart.group.map(quoteIdentifier).join(', ');
  const measures = Object.entries(chart.measures).map(
    ([name, measure]) => `, ${aggregateSql(report, measure).sql} AS ${quoteIdentifier(name)}`,
  );
  return `SELECT ${group}${measures.join('')} FROM ${relation} WHERE ${where} GROUP BY ${group}`;
}

/** The columns of a chart's rows. */
export function chartColumns(report: Report, chart: Chart): readonly ColumnInfo[] {
  return drawnColumns(report, chart).map(({ name, type }) => {
    const measure = chart.measures[name];
    if (!measure) return columnInfo(report, name);
    const column = measure.column === undefined ? undefined : columnOf(report, measure.column);
    const { label, unit, format, of } = measure;
    return {
      name,
      type: formatLogicalType(type),
      label,
      description: '',
      ...(unit === undefined ? {} : { unit }),
      format,
      additive: of === 'count' || (of === 'sum' && column?.additive === 'sum') ? 'sum' : 'none',
      inGrain: false,
    };
  });
}

/** A column as answers describe it. */
export function columnInfo(report: Report, name: string): ColumnInfo {
  const { type, label, description, unit, format, additive } = columnOf(report, name);
  return {
    name,
    type: formatLogicalType(type),
    label,
    description,
    ...(unit === undefined ? {} : { unit }),
    format,
    additive,
    inGrain: report.grain.includes(name),
  };
}

interface Drawn {
  readonly name: string;
  readonly type: LogicalType;
}

/** A named kind draws what its encodings name; a Vega-Lite file may draw every column. */
function drawnColumns(report: Report, chart: Chart): readonly Drawn[] {
  const all: readonly Drawn[] = chart.group
    ? [
        ...chart.group.map((name) => columnOf(report, name)),
        ...Object.entries(chart.measures).map(([name, measure]) => ({
          name,
          type: aggregateSql(report, measure).type,
        })),
      ]
    : report.columns;
  if (chart.kind === 'vega-lite' || chart.group) return all;
  const named = [chart.x, chart.y, chart.color, chart.size, chart.facet];
  return named.flatMap((name, at) =>
    name === undefined || named.indexOf(name) < at ? [] : all.filter((column) => column.name === name),
  );
}

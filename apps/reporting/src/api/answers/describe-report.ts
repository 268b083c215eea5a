import { columnInfo } from '@rollcall/reports';
import type { ReportDescription } from '@rollcall/reports/shown';
import type { Recipe } from '../../http/answer-cache.js';
import { JSON_TYPE } from '../../http/send-answer.js';
import type { AnswerParts } from './answer-parts.js';
import type { AskedReport } from './asked-report.js';
import { filterInfo } from './filter-info.js';
import { summaryOf } from './report-list.js';

/** GET reports/:report */
export function describeReport(parts: AnswerParts, asked: AskedReport): Recipe {
  const { standing, report, state } = asked;
  const make = async (): Promise<string> => {
    const answer: ReportDescription = {
      ...summaryOf(standing, parts.nowMs()),
      ...asked.envelope,
      description: report.description,
      zone: report.zone,
      grain: report.grain,
      columns: report.columns.map((column) => columnInfo(report, column.name)),
      filters: await Promise.all(report.filters.map((filter) => filterInfo(parts, asked, filter))),
      tiles: report.tiles.map(({ name, label, unit }) => ({ name, label, ...(unit !== undefined && { unit }) })),
      charts: report.charts.map(chartInfo),
      table: {
        columns: report.table.columns,
        sort: report.table.sort.map(({ column, descending }) => (descending ? `-${column}` : column)).join(','),
        pageRows: report.table.pageRows,
      },
      layout: report.layout,
      inputs: { datasets: standing.datasets, reports: standing.reportsUnder },
      sql: report.sql,
    };
    return JSON.stringify(answer);
  };
  return { key: `describe ${state}`, type: JSON_TYPE, make };
}

export function chartInfo({ name, title, subtitle, kind }: AskedReport['report']['charts'][number]): {
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly kind: string;
} {
  return { name, title, ...(subtitle !== undefined && { subtitle }), kind };
}

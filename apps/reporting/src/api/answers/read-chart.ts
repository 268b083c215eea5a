import {
  chartColumns,
  chartCountStatement,
  chartStatement,
  describeFilters,
  optionsStatement,
  type Chart,
  type FilterValues,
  type Report,
} from '@rollcall/reports';
import type { DrawnChart } from '@rollcall/reports/renderer';
import type { Cell, ChartAnswer, ColumnInfo, Row } from '@rollcall/reports/shown';
import { suggestion } from '@rollcall/catalog';
import type { Recipe } from '../../http/answer-cache.js';
import { notFound } from '../../http/refusal.js';
import { JSON_TYPE } from '../../http/send-answer.js';
import type { AnswerParts } from './answer-parts.js';
import type { AskedReport } from './asked-report.js';
import { keptRows } from './kept-rows.js';
import { chartParameters, type ChartParameters, type Parameters } from './own-parameters.js';
import { chartInfo } from './describe-report.js';
import { filterKey, readFiltersOf } from './read-filters-of.js';

export type ChartForm = 'json' | 'svg' | 'png';

const TYPES: Readonly<Record<ChartForm, string>> = { json: JSON_TYPE, svg: 'image/svg+xml', png: 'image/png' };

/** GET reports/:report/charts/:chart, also as a picture. Throws Refusal 400 or 404. */
export function readChart(
  parts: AnswerParts,
  asked: AskedReport,
  name: string,
  form: ChartForm,
  params: Parameters,
): Recipe {
  const { report, state } = asked;
  const chart = chartOf(report, name);
  const { filters, own } = readFiltersOf(report, params, chartParameters);
  const make = async (): Promise<string | Uint8Array> => {
    const drawn = await draw(parts, asked, chart, filters, own, form);
    if (form === 'svg') return parts.renderer.render(drawn.spec.vega, drawn.rows, 'svg');
    if (form === 'png') return parts.renderer.render(drawn.spec.vega, drawn.rows, 'png');
    return JSON.stringify(chartAnswer(asked, chart, filters, drawn));
  };
  const key = `chart ${state} ${name} ${form} ${own.theme} ${own.width} ${filterKey(filters)}`;
  return { key, type: TYPES[form], make };
}

interface Drawn {
  readonly spec: DrawnChart;
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly Row[];
  readonly leftOut: number;
}

async function draw(
  parts: AnswerParts,
  asked: AskedReport,
  chart: Chart,
  filters: FilterValues,
  { theme, width }: ChartParameters,
  form: ChartForm,
): Promise<Drawn> {
  const { report } = asked;
  const [found, colourDomain] = await Promise.all([
    keptRows<Row>(parts, asked, chartStatement(report, chart, filters)),
    colourDomainOf(parts, asked, chart),
  ]);
  const columns = chartColumns(report, chart);
  const rows = found.slice(0, chart.limit);
  const leftOut = found.length > rows.length ? await leftOutOf(parts, asked, chart, filters) : 0;
  const look = {
    theme,
    width,
    leftOut,
    ...(colourDomain && { colourDomain }),
    // A page says title and subtitle itself, as headings; a picture stands alone.
    heading: form === 'json' ? ('none' as const) : ('drawn' as const),
  };
  const spec = await parts.renderer.specify({ report, chart, columns, rows, look });
  return { spec, columns, rows, leftOut };
}

async function leftOutOf(parts: AnswerParts, asked: AskedReport, chart: Chart, filters: FilterValues): Promise<number> {
  const [counted] = await keptRows<{ total: string }>(parts, asked, chartCountStatement(asked.report, chart, filters));
  return Math.max(0, Number(counted?.total ?? 0) - chart.limit);
}

function chartAnswer(asked: AskedReport, chart: Chart, filters: FilterValues, drawn: Drawn): ChartAnswer {
  const { spec, columns, rows, leftOut } = drawn;
  return {
    ...asked.envelope,
    // What the picture would say below its title: with the unit and what is left out.
    chart: { ...chartInfo(chart), ...(spec.subtitle !== '' && { subtitle: spec.subtitle }) },
    description: spec.description,
    vega: spec.vega,
    rows,
    columns,
    leftOut,
    filteredBy: describeFilters(asked.report, filters),
    width: spec.width,
    height: spec.height,
  };
}

/** A series keeps its colour when a filter hides others: known where the report has a filter over that column. */
async function colourDomainOf(
  parts: AnswerParts,
  asked: AskedReport,
  chart: Chart,
): Promise<readonly Cell[] | undefined> {
  const { report } = asked;
  const filter = report.filters.find(
    (one) => (one.op === 'eq' || one.op === 'in') && chart.color !== undefined && one.column === chart.color,
  );
  if (filter?.op !== 'eq' && filter?.op !== 'in') return undefined;
  const options = await keptRows<{ value: Cell }>(parts, asked, optionsStatement(report, filter));
  return options.map(({ value }) => value);
}

function chartOf(report: Report, name: string): Chart {
  const chart = report.charts.find((one) => one.name === name);
  if (chart) return chart;
  const names = report.charts.map((one) => one.name);
  const known = names.length === 0 ? '; it has none' : suggestion(name, names);
  throw notFound(`report ${report.name} has no chart of this name${known}`);
}

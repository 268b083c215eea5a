import { z } from 'zod';
import { parseDuration, parseShare } from '@rollcall/catalog';
import { columnEntry, filterEntry, format, good, name } from './report-parts-schema.js';

// The surface of report.yaml: shapes only. What needs more than one place to judge is checked in build-*.ts.

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'expected a duration such as 2s, 30m, 1h or 7d')
  .meta({ pattern: '^[0-9]+(s|m|h|d)$' });
const share = z
  .string()
  .refine((text) => parseShare(text) !== undefined, 'expected a share such as 95%')
  .meta({ pattern: '^[0-9]{1,3}(\\.[0-9]+)?%$' });
const text = z.string().min(1, 'expected a text');
const columns = z.array(z.string()).min(1, 'expected at least one column');
const number = z.union([z.number(), z.string()]);
const sort = z
  .union([z.string(), columns])
  .describe('A column, or several; a minus in front turns the order round: -answers');

const test = z
  .strictObject({
    unique: z
      .literal('grain')
      .optional()
      .describe('Rows are told apart by the grain; always tested, written to set its severity'),
    not_null: z.union([z.string(), columns]).optional().describe('Columns that always have a value'),
    accepted: z
      .strictObject({
        column: z.string(),
        values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1, 'expected at least one value'),
      })
      .optional()
      .describe('The only values that a column may have; NULL passes'),
    range: z
      .strictObject({ column: z.string(), min: number.optional(), max: number.optional() })
      .optional()
      .describe('The least and the greatest value that a column may have; NULL passes'),
    sql: z
      .string()
      .optional()
      .describe('A file with a SELECT that gives offending rows; `report` in it is the state about to be served'),
    severity: z
      .enum(['hold', 'warn'])
      .optional()
      .describe(
        'hold: the last good state is served until the test passes. warn: said beside the numbers. hold when left out, warn for a plain view',
      ),
  })
  .describe('One test: unique, not_null, accepted, range or sql');
export type TestEntry = z.output<typeof test>;

const tile = z.strictObject({
  value: z.string().describe('count, or sum, min, max, avg, median or distinct of a column: sum(answers)'),
  label: text.optional().describe("Stands over the number; the column's label when left out"),
  unit: text.optional(),
  format: format.optional(),
  good: good.optional(),
  target: z.string().optional().describe('The column whose target this number is held against'),
});
export type TileEntry = z.output<typeof tile>;

const measure = z.strictObject({
  value: z.string().describe('count, or sum, min, max, avg, median or distinct of a column: sum(answers)'),
  label: text.optional(),
  unit: text.optional(),
  format: format.optional(),
});
export type MeasureEntry = z.output<typeof measure>;

const chart = z.strictObject({
  name: name.describe('Stands in addresses: /charts/<name>.svg'),
  title: text,
  subtitle: text.optional().describe('One sentence: what is to be seen, with the unit. Read out by screen readers'),
  kind: z
    .enum(['bars', 'columns', 'grouped-columns', 'stacked-columns', 'lines', 'bubbles'])
    .optional()
    .describe('Needed where there is no vega_lite'),
  vega_lite: z.string().optional().describe('A file with a Vega-Lite specification over data { "name": "rows" }'),
  x: z.string().optional(),
  y: z.string().optional(),
  color: z.string().optional(),
  size: z.string().optional().describe('bubbles: what the area of a circle says'),
  facet: z.string().optional().describe('One small chart per value, at most 6'),
  group: columns.optional().describe('Rows are summed up per value of these columns, by measures'),
  measures: z.record(name, measure).optional().describe('Columns made of the rows of a group'),
  sort: sort.optional(),
  limit: z
    .int()
    .min(1, 'expected 1 to 2000')
    .max(2000, 'expected 1 to 2000')
    .optional()
    .describe('At most so many rows; 500 when left out'),
});
export type ChartEntry = z.output<typeof chart>;

const table = z.strictObject({
  columns: columns.optional().describe('All when left out'),
  sort: sort.optional(),
  page: z
    .int()
    .min(1, 'expected 1 to 1000')
    .max(1000, 'expected 1 to 1000')
    .optional()
    .describe('Rows of a page; 50 when left out'),
});
export type TableEntry = z.output<typeof table>;

const row = z
  .strictObject({
    tiles: z.record(name, tile).optional().describe('Single numbers over the filtered rows'),
    chart: chart.optional(),
    charts: z
      .array(chart)
      .min(1, 'expected one to three charts')
      .max(3, 'expected one to three charts')
      .optional()
      .describe('Charts beside each other'),
    table: table.optional().describe('The rows'),
  })
  .describe('One row of the page: tiles, chart, charts or table');
export type RowEntry = z.output<typeof row>;

const evidence = z.strictObject({
  sql: z
    .string()
    .describe(
      'A SELECT of the records that a row stands on: `:column` is the row’s value of a column of the grain. Gives _batch_id and _position',
    ),
  proves: z
    .record(z.string(), z.string())
    .optional()
    .describe('Column of the report -> the same number over the records: count(*), count(DISTINCT x), sum(x)'),
});

const target = z.strictObject({
  at_least: number.describe('The value aimed at'),
  near: share.optional().describe('From this share of it on the number is near; 95% when left out'),
});

export const reportSchema = z
  .strictObject({
    report: z.string().describe("The folder's name, and the view's: report.<name>"),
    revision: z.int().min(1, 'expected 1 or more').describe('Raised when columns change their meaning'),
    title: text,
    question: text.describe('What the report answers, as a question'),
    description: text.describe('What counts and what does not, for who reads the numbers'),
    owner: text.describe('Who answers for it'),
    grain: columns.describe('Columns that identify a row; tested unique and not null'),
    zone: z.string().optional().describe('IANA zone that defines its days and months; UTC when left out'),
    materialize: z
      .boolean()
      .optional()
      .describe('true: a table behind the view, refreshed by difference. false: a plain view. true when left out'),
    min_refresh: duration.optional().describe('At most one refresh in this time; 5s when left out'),
    columns: z.record(name, columnEntry).describe('In the order of view.sql; new ones at the end'),
    filters: z.record(name, filterEntry).optional().describe('By the key in the address'),
    evidence: z.record(name, evidence).optional().describe('By input dataset'),
    targets: z.record(z.string(), target).optional().describe('By column'),
    tests: z.array(test).optional(),
    freshness: z
      .strictObject({
        warn_after: duration.describe('Older source data is late'),
        fail_after: duration.describe('Older source data is stale'),
      })
      .optional(),
    show: z
      .array(row)
      .min(1, 'expected at least one row')
      .optional()
      .describe('The page, from the top; the table alone when left out'),
  })
  .meta({
    title: 'Rollcall report',
    description: 'What a report means and how it is shown; beside it stands view.sql',
  });
export type ReportEntry = z.output<typeof reportSchema>;

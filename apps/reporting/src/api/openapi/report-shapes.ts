import type {
  ChartAnswer,
  ReportDescription,
  ReportList,
  ReportSummary,
  RowsAnswer,
  SessionAnswer,
  TilesAnswer,
} from '@rollcall/reports/shown';
import { z } from 'zod';
import { cell, columnInfo, envelope, filterInfo, good, row, shapes, valueFormat } from './shared-shapes.js';

export const reportSummary = z
  .strictObject({
    ...envelope.shape,
    title: z.string(),
    question: z.string(),
    owner: z.string(),
    rows: z.int(),
  })
  .register(shapes, { id: 'ReportSummary' }) satisfies z.ZodType<ReportSummary>;

export const reportList = z
  .strictObject({
    reports: z.array(reportSummary),
    broken: z
      .array(z.strictObject({ report: z.string(), faults: z.array(z.string()) }))
      .describe('Folders that never had a good revision.'),
  })
  .register(shapes, { id: 'ReportList' }) satisfies z.ZodType<ReportList>;

const chartInfo = z
  .strictObject({ name: z.string(), title: z.string(), subtitle: z.string().exactOptional(), kind: z.string() })
  .register(shapes, { id: 'ChartInfo' });

export const reportDescription = z
  .strictObject({
    ...reportSummary.shape,
    description: z.string(),
    zone: z.string(),
    grain: z.array(z.string()),
    columns: z.array(columnInfo),
    filters: z.array(filterInfo),
    tiles: z.array(z.strictObject({ name: z.string(), label: z.string(), unit: z.string().exactOptional() })),
    charts: z.array(chartInfo),
    table: z.strictObject({ columns: z.array(z.string()), sort: z.string(), pageRows: z.int() }),
    layout: z.array(
      z.union([
        z.strictObject({ kind: z.literal('tiles'), tiles: z.array(z.string()) }),
        z.strictObject({ kind: z.literal('charts'), charts: z.array(z.string()) }),
        z.strictObject({ kind: z.literal('table') }),
      ]),
    ),
    inputs: z.strictObject({ datasets: z.array(z.string()), reports: z.array(z.string()) }),
    sql: z.string(),
  })
  .register(shapes, { id: 'ReportDescription' }) satisfies z.ZodType<ReportDescription>;

const filteredBy = z.array(z.string()).describe('The filters in words. Empty: no filter.');

export const rowsAnswer = z
  .strictObject({
    ...envelope.shape,
    columns: z.array(columnInfo),
    rows: z.array(row),
    total: z.int().describe('Of all rows that match.'),
    next: z.string().nullable().describe('Send as `after` for the next page; null: this was the last.'),
    filteredBy,
    pagedFrom: z.string().exactOptional().describe('The refresh that the first page saw, when it was another one.'),
  })
  .register(shapes, { id: 'RowsAnswer' }) satisfies z.ZodType<RowsAnswer>;

export const tilesAnswer = z
  .strictObject({
    ...envelope.shape,
    tiles: z.array(
      z.strictObject({
        name: z.string(),
        label: z.string(),
        value: cell,
        format: valueFormat,
        unit: z.string().exactOptional(),
        good,
        target: z
          .strictObject({
            value: z.string(),
            share: z.number().nullable(),
            state: z.enum(['met', 'near', 'behind', 'none']),
          })
          .exactOptional(),
      }),
    ),
    filteredBy,
  })
  .register(shapes, { id: 'TilesAnswer' }) satisfies z.ZodType<TilesAnswer>;

export const chartAnswer = z
  .strictObject({
    ...envelope.shape,
    chart: chartInfo,
    description: z.string().describe('In words, for people who cannot see the chart.'),
    vega: z
      .record(z.string(), z.unknown())
      .describe('A compiled Vega specification whose data set `rows` is to be filled with `rows`.'),
    rows: z.array(row),
    columns: z.array(columnInfo),
    leftOut: z.int().describe("Rows that the chart's limit left out."),
    filteredBy,
    width: z.number(),
    height: z.number(),
  })
  .register(shapes, { id: 'ChartAnswer' }) satisfies z.ZodType<ChartAnswer>;

export const sessionAnswer = z
  .strictObject({
    open: z.boolean().describe('Nobody has to sign in: the service listens on loopback only.'),
    signedIn: z.boolean(),
    name: z.string().nullable(),
    scopes: z.array(z.enum(['reports', 'records'])),
  })
  .register(shapes, { id: 'SessionAnswer' }) satisfies z.ZodType<SessionAnswer>;

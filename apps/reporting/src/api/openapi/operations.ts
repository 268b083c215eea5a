import type { z } from 'zod';
import { signInBody } from '../../access/session-door.js';
import { chartParameters, rowsParameters } from '../answers/own-parameters.js';
import { EXPORT_TYPES } from '../export/export-rows.js';
import * as lineage from './lineage-shapes.js';
import { pagingParameters, quarantineParameters, runsParameters, evidencePaging } from './paging-parameters.js';
import * as reports from './report-shapes.js';

export type Form = z.ZodType | 'text' | 'binary';

/** One operation of the API, as the document describes it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'delete';
  /** As the router has it. */
  readonly route: string;
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'Reports' | 'Evidence' | 'Operations' | 'Session' | 'Service';
  /** Query parameters of the API's own. */
  readonly query?: z.ZodObject;
  /** It takes the filters of its report too. */
  readonly filtered?: true;
  readonly body?: z.ZodType;
  /** By media type. */
  readonly answers: Readonly<Record<string, Form>>;
  /** A 304 may come. */
  readonly revalidates?: true;
}

const JSON_ANSWER = 'application/json';

function get(
  tag: Operation['tag'],
  route: string,
  id: string,
  summary: string,
  answers: Operation['answers'],
  more: Partial<Operation> = {},
): Operation {
  return { method: 'get', tag, route, id, summary, answers, ...more };
}

const REPORT = '/api/v1/reports/:report';
const EXPORTS = 'All rows that match, not a page, in one snapshot.';

/** Every operation there is; a test compares the list with the routes of the service. */
export const OPERATIONS: readonly Operation[] = [
  get(
    'Reports',
    '/api/v1/reports',
    'listReports',
    'All reports, with how fresh and how sure they are',
    {
      [JSON_ANSWER]: reports.reportList,
    },
    { revalidates: true },
  ),
  get(
    'Reports',
    REPORT,
    'describeReport',
    'One report: columns, filters, charts, layout',
    {
      [JSON_ANSWER]: reports.reportDescription,
    },
    { revalidates: true },
  ),
  get(
    'Reports',
    `${REPORT}/rows`,
    'readRows',
    'Rows of a report',
    {
      [JSON_ANSWER]: reports.rowsAnswer,
      'text/csv': 'text',
      [EXPORT_TYPES.parquet]: 'binary',
    },
    { query: rowsParameters.extend(pagingParameters.shape), filtered: true, revalidates: true },
  ),
  get(
    'Reports',
    `${REPORT}/rows.csv`,
    'exportCsv',
    'All rows as CSV',
    { 'text/csv': 'text' },
    {
      description: `${EXPORTS} Texts that a spreadsheet would run as a formula have an apostrophe in front.`,
      query: rowsParameters.extend({ sort: pagingParameters.shape.sort }).omit({ format: true }),
      filtered: true,
      revalidates: true,
    },
  ),
  get(
    'Reports',
    `${REPORT}/rows.parquet`,
    'exportParquet',
    'All rows as Parquet',
    {
      [EXPORT_TYPES.parquet]: 'binary',
    },
    {
      description: EXPORTS,
      query: pagingParameters.pick({ sort: true }),
      filtered: true,
      revalidates: true,
    },
  ),
  get(
    'Reports',
    `${REPORT}/tiles`,
    'readTiles',
    'The numbers on top of a report',
    {
      [JSON_ANSWER]: reports.tilesAnswer,
    },
    { filtered: true, revalidates: true },
  ),
  get(
    'Reports',
    `${REPORT}/charts/:chart`,
    'readChart',
    'A chart as a Vega specification with its rows',
    {
      [JSON_ANSWER]: reports.chartAnswer,
    },
    { query: chartParameters, filtered: true, revalidates: true },
  ),
  get(
    'Reports',
    `${REPORT}/charts/:chart.svg`,
    'drawSvg',
    'A chart as SVG',
    { 'image/svg+xml': 'text' },
    {
      query: chartParameters,
      filtered: true,
      revalidates: true,
    },
  ),
  get(
    'Reports',
    `${REPORT}/charts/:chart.png`,
    'drawPng',
    'A chart as PNG, at twice the size',
    {
      'image/png': 'binary',
    },
    { query: chartParameters, filtered: true, revalidates: true },
  ),
  get(
    'Reports',
    '/api/v1/live',
    'live',
    'What changes, as it changes',
    { 'text/event-stream': 'text' },
    {
      description:
        'Server-sent events: `hello` with the refresh ids that stand, then `refreshed`, `changed`, `invalid` and `overview`. They name what to fetch again.',
    },
  ),
  get('Reports', `${REPORT}/connect`, 'connect', 'How BI tools reach the view of a report', {
    [JSON_ANSWER]: lineage.connectAnswer,
  }),
  get('Reports', `${REPORT}/connect.pbids`, 'connectPowerBi', 'A connection file for Power BI', {
    [JSON_ANSWER]: 'text',
  }),
  get('Reports', `${REPORT}/connect.tds`, 'connectTableau', 'A connection file for Tableau', {
    'application/xml': 'text',
  }),
  get('Reports', '/api/v1/dictionary', 'dictionary', 'What every column of every report and dataset means', {
    [JSON_ANSWER]: lineage.dictionaryAnswer,
  }),
  get(
    'Evidence',
    `${REPORT}/evidence`,
    'evidence',
    'The records that a row of a report stands on',
    {
      [JSON_ANSWER]: lineage.evidenceAnswer,
    },
    {
      description: 'The row is named by its grain: one parameter per column of it. Needs the scope records.',
      query: evidencePaging,
    },
  ),
  get(
    'Evidence',
    '/api/v1/records/:dataset/:batch/:position',
    'record',
    'One record: as served, in raw, in the lake',
    {
      [JSON_ANSWER]: lineage.recordAnswer,
    },
    { description: 'Needs the scope records.' },
  ),
  get('Operations', '/api/v1/overview', 'overview', 'Sources, datasets, reports and what is wrong with them', {
    [JSON_ANSWER]: lineage.overviewAnswer,
  }),
  get(
    'Operations',
    '/api/v1/runs',
    'runs',
    'The newest runs',
    { [JSON_ANSWER]: lineage.runsAnswer },
    {
      description: 'Needs the scope records.',
      query: runsParameters,
    },
  ),
  get(
    'Operations',
    '/api/v1/quarantine',
    'quarantine',
    'Records that could not be taken, and why',
    {
      [JSON_ANSWER]: lineage.quarantineAnswer,
    },
    { description: 'Needs the scope records.', query: quarantineParameters },
  ),
  get('Session', '/api/v1/session', 'session', 'Who is signed in', { [JSON_ANSWER]: reports.sessionAnswer }),
  {
    method: 'post',
    route: '/api/v1/session',
    id: 'signIn',
    tag: 'Session',
    summary: 'Sign in with a token; the answer sets a cookie',
    body: signInBody,
    answers: { [JSON_ANSWER]: reports.sessionAnswer },
  },
  {
    method: 'delete',
    route: '/api/v1/session',
    id: 'signOut',
    tag: 'Session',
    summary: 'Sign out',
    answers: { [JSON_ANSWER]: reports.sessionAnswer },
  },
  get('Service', '/api/v1/openapi.json', 'openApi', 'This document', { [JSON_ANSWER]: 'text' }, { revalidates: true }),
];

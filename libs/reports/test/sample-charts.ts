import type { Chart, ChartKind, Report } from '../src/report.js';
import type { ColumnInfo, Row } from '../src/shown/api.js';
import type { ValueFormat } from '../src/shown/format-value.js';

/** A chart with the columns and rows that it is drawn from. */
export interface SampleChart {
  readonly report: Report;
  readonly chart: Chart;
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly Row[];
}

export function sampleColumn(
  name: string,
  type: string,
  format: ValueFormat,
  more: Partial<ColumnInfo> & { readonly label: string },
): ColumnInfo {
  return { name, type, format, description: '', additive: 'none', inGrain: false, ...more };
}

export function sampleReport(columns: readonly ColumnInfo[], more: Partial<Report> = {}): Report {
  return {
    name: 'sample',
    revision: 1,
    title: 'Sample',
    question: 'What is to be seen?',
    description: '',
    owner: 'product',
    grain: columns.filter(({ inGrain }) => inGrain).map(({ name }) => name),
    zone: 'UTC',
    materialize: true,
    minRefreshSeconds: 2,
    columns: columns.map((column) => ({ ...column, type: column.type, good: 'none' })) as unknown as Report['columns'],
    filters: [],
    evidence: [],
    targets: [],
    tests: [],
    tiles: [],
    charts: [],
    table: { columns: columns.map(({ name }) => name), sort: [], pageRows: 50 },
    layout: [],
    sql: '',
    file: 'reports/sample/report.yaml',
    sqlFile: 'reports/sample/view.sql',
    hash: '0123456789ab',
    ...more,
  };
}

export function sampleChart(kind: ChartKind, title: string, parts: Partial<Chart>): Chart {
  return { name: 'sample', kind, title, measures: {}, sort: [], limit: 2000, ...parts };
}

const ANSWERS = { label: 'Answers', unit: 'answers', additive: 'sum' } as const;

export function sessionBars(rows: readonly Row[]): SampleChart {
  const columns = [
    sampleColumn('session_id', 'text', 'id', { label: 'Session', inGrain: true }),
    sampleColumn('answers', 'int8', 'int', ANSWERS),
  ];
  const chart = sampleChart('bars', 'Answers per session', {
    subtitle: 'Answers given in each session, largest first',
    x: 'answers',
    y: 'session_id',
  });
  return { report: sampleReport(columns), chart, columns, rows };
}

/** `DWX-2026-08-03T09:12 …`: as long as ids of sessions are. */
export function sessionRows(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, at) => ({
    session_id: `5f${(at * 7919 + 131071).toString(16)}c3d1e8a90b7742${(at * 31).toString(16)}-2026-08-${String((at % 28) + 1).padStart(2, '0')}T09:12`,
    answers: String(Math.round(18_204 / (at + 1) ** 0.8)),
  }));
}

export function dailyColumns(rows: readonly Row[]): SampleChart {
  const columns = [
    sampleColumn('event', 'text', 'text', { label: 'Event', inGrain: true }),
    sampleColumn('day', 'date', 'day', { label: 'Day', inGrain: true }),
    sampleColumn('platform', 'text', 'text', { label: 'Platform', inGrain: true }),
    sampleColumn('events', 'int8', 'int', { label: 'Events', unit: 'events', additive: 'sum' }),
  ];
  const chart = sampleChart('grouped-columns', 'Events per day', {
    subtitle: 'Events per day and platform, one chart per event name',
    x: 'day',
    y: 'events',
    color: 'platform',
    facet: 'event',
  });
  return { report: sampleReport(columns), chart, columns, rows };
}

export function dailyRows(
  days: number,
  names: readonly string[] = ['app_opened', 'session_joined', 'submission_success'],
): readonly Row[] {
  const platforms = ['android', 'ios', 'web', '(not reported)'];
  return names.flatMap((event, e) =>
    Array.from({ length: days }, (_, d) => d).flatMap((d) =>
      // Two days without events: holes that must be seen.
      d % 11 === 4
        ? []
        : platforms.map((platform, p) => ({
            event,
            day: new Date(Date.UTC(2026, 7, 3 + d)).toISOString().slice(0, 10),
            platform,
            events: String(Math.round((40 + ((d * 37 + e * 11) % 50)) * (1 + e * 4) * (p === 3 ? 0.1 : 1 / (p + 1)))),
          })),
    ),
  );
}

export function monthBubbles(rows: readonly Row[]): SampleChart {
  const columns = [
    sampleColumn('month', 'date', 'month', { label: 'Month', inGrain: true }),
    sampleColumn('sessions', 'int8', 'int', { label: 'Sessions', unit: 'sessions', inGrain: true }),
    sampleColumn('top_users', 'int8', 'int', { label: 'Top users', unit: 'users', additive: 'sum' }),
  ];
  const chart = sampleChart('bubbles', 'Sessions of the top users, month by month', {
    subtitle: 'Each circle counts the top users with that many sessions in the month',
    x: 'month',
    y: 'sessions',
    size: 'top_users',
    group: ['month', 'sessions'],
    measures: { top_users: { of: 'count', label: 'Top users', unit: 'users', format: 'int' } },
  });
  return { report: sampleReport(columns), chart, columns, rows };
}

export function monthRows(months: number): readonly Row[] {
  return Array.from({ length: months }, (_, m) => m).flatMap((m) =>
    Array.from({ length: 1 + ((m * 5) % 7) + 4 }, (_, s) => ({
      month: new Date(Date.UTC(2025, 8 + m, 1)).toISOString().slice(0, 10),
      sessions: String(2 + s + (m % 3)),
      top_users: String(Math.max(1, Math.round((180 + m * 30) / (s + 1) ** 2))),
    })),
  );
}

const WEEKS = [
  sampleColumn('week', 'date', 'week', { label: 'Week', inGrain: true }),
  sampleColumn('ticket', 'text', 'text', { label: 'Ticket type', inGrain: true }),
  sampleColumn('registrations', 'int8', 'int', { label: 'Registrations', unit: 'registrations', additive: 'sum' }),
];

export function weeklyChart(kind: ChartKind, rows: readonly Row[], parts: Partial<Chart> = {}): SampleChart {
  const chart = sampleChart(kind, 'Registrations per week', {
    subtitle: 'New registrations in each week by ticket type',
    x: 'week',
    y: 'registrations',
    color: 'ticket',
    ...parts,
  });
  return { report: sampleReport(WEEKS), chart, columns: WEEKS, rows };
}

export function weeklyRows(
  weeks: number,
  tickets: readonly string[] = ['in person', 'online', 'crew'],
): readonly Row[] {
  return Array.from({ length: weeks }, (_, w) => w).flatMap((w) =>
    tickets.map((ticket, t) => ({
      week: new Date(Date.UTC(2026, 7, 3 + 7 * w)).toISOString().slice(0, 10),
      ticket,
      registrations: String(Math.round((60 + w * 9 + ((w * 53 + t * 17) % 70)) / (t * 0.9 + 1))),
    })),
  );
}

/** Reports for tests: small folders, by what is special about them. */
export interface SmallReport {
  readonly sql: string;
  /** `name: { type, … }` lines; the first one is the grain unless said otherwise. */
  readonly columns: readonly string[];
  readonly grain?: readonly string[];
  readonly materialize?: boolean;
  readonly revision?: number;
  /** List items of `tests`. */
  readonly tests?: readonly string[];
  readonly filters?: readonly string[];
  /** Further lines of `report.yaml`. */
  readonly more?: readonly string[];
}

export function smallReport(name: string, of: SmallReport): Readonly<Record<string, string>> {
  const first = of.columns[0]?.split(':')[0] ?? '';
  const lines = [
    `report: ${name}`,
    `revision: ${of.revision ?? 1}`,
    `title: ${name}`,
    'question: How many?',
    'description: A report of a test.',
    'owner: tests',
    `grain: [${(of.grain ?? [first]).join(', ')}]`,
    'zone: UTC',
    'min_refresh: 1s',
    ...(of.materialize === false ? ['materialize: false'] : []),
    'columns:',
    ...of.columns.map((column) => `  ${column}`),
    ...(of.filters === undefined ? [] : ['filters:', ...of.filters.map((filter) => `  ${filter}`)]),
    ...(of.tests === undefined ? [] : ['tests:', ...of.tests.map((test) => `  - ${test}`)]),
    ...(of.more ?? []),
    'show:',
    '  - table: {}',
    '',
  ];
  return { 'report.yaml': lines.join('\n'), 'view.sql': `${of.sql}\n` };
}

export const text = (name: string): string => `${name}: { type: text, label: ${name}, description: The ${name} }`;
export const int8 = (name: string): string =>
  `${name}: { type: int8, label: ${name}, unit: rows, additive: sum, description: The ${name} }`;

/** Events by their name. */
export const EVENTS: SmallReport = {
  sql: 'SELECT e.event, count(*) AS events FROM analytics.app_events e WHERE e.event IS NOT NULL GROUP BY 1',
  columns: [text('event'), int8('events')],
};

import type { LogicalType } from '@rollcall/catalog';
import { quoteIdentifier } from '@rollcall/warehouse';
import { labelOf } from './report-context.js';

/** What a new report begins with. */
export interface NewReport {
  readonly name: string;
  /** Whose records it counts: `analytics.<dataset>`. */
  readonly dataset: string;
  /** Of `analytics.<dataset>`, without those that hold nothing. */
  readonly columns: readonly { readonly name: string; readonly type: LogicalType }[];
  readonly owner?: string;
}

/** How records are put together: each group is a row. */
interface Grouping {
  readonly column: string;
  readonly type: 'date' | 'text';
  /** Over `r`, the alias of the dataset. */
  readonly sql: string;
  readonly source: string;
  /** Whether a record is in the group of `:column`. */
  readonly isIn: string;
  readonly description: string;
  readonly words: string;
  readonly filter: string;
  readonly chart: string;
}

/**
 * The files of a new report, by their path in its folder: records per day, or per value where the dataset has no time. It has no fault as it
 * stands; its author goes on from there. Throws RangeError when there is no column to group by.
 */
export function newReportFiles({ name, dataset, columns, owner }: NewReport): ReadonlyMap<string, string> {
  const grouping = groupingOf(columns);
  if (!grouping) throw new RangeError(`${dataset} has no column to group by`);
  return new Map([
    ['view.sql', viewText(dataset, grouping)],
    ['report.yaml', yamlText({ name, dataset, owner: owner ?? 'nobody yet' }, grouping)],
  ]);
}

function groupingOf(columns: NewReport['columns']): Grouping | undefined {
  const own = columns.filter(({ name }) => !name.startsWith('_'));
  const time =
    own.find(({ type }) => type.name === 'timestamptz') ??
    own.find(({ type }) => type.name === 'timestamp' || type.name === 'date');
  if (time) return perDay(time);
  const value = own.find(({ type }) => type.name === 'text') ?? own[0];
  return value && perValue(value);
}

function perDay({ name, type }: NewReport['columns'][number]): Grouping {
  const source = `r.${inSql(name)}`;
  const day = type.name === 'timestamptz' ? `(${source} AT TIME ZONE 'UTC')::date` : `${source}::date`;
  const midnight = (later: string): string =>
    `(:day::date${later})::timestamp${type.name === 'timestamptz' ? " AT TIME ZONE 'UTC'" : ''}`;
  const isIn = `${source} >= ${midnight('')}\n        AND ${source} < ${midnight(' + 1')}`;
  return {
    column: 'day',
    type: 'date',
    sql: day,
    source,
    isIn,
    description: `Day of ${name}, in UTC`,
    words: 'per day',
    filter: '{ column: day, op: between, default: last-30 }',
    chart: 'kind: columns\n      x: day\n      y: records\n      sort: day\n      limit: 400',
  };
}

function perValue({ name }: NewReport['columns'][number]): Grouping {
  const source = `r.${inSql(name)}`;
  // `records` and `day` are taken: a column of that name is told apart.
  const column = /^[a-z][a-z0-9_]{0,49}$/.test(name) && name !== 'records' ? name : 'value';
  return {
    column,
    type: 'text',
    sql: `${source}::text`,
    source,
    isIn: `${source}::text = :${column}`,
    description: `As ${name} has it`,
    words: `per ${labelOf(name).toLowerCase()}`,
    filter: `{ column: ${column}, op: in }`,
    chart: `kind: bars\n      x: records\n      y: ${column}\n      sort: -records\n      limit: 30`,
  };
}

function viewText(dataset: string, { column, sql, source, words }: Grouping): string {
  return `-- One row ${words}.
SELECT ${sql} AS ${inSql(column)},
       count(*) AS records
FROM analytics.${inSql(dataset)} r
WHERE ${source} IS NOT NULL
GROUP BY 1
`;
}

function yamlText(
  report: { readonly name: string; readonly dataset: string; readonly owner: string },
  grouping: Grouping,
): string {
  const { column, type, description, words, filter, chart, isIn } = grouping;
  const title = `${labelOf(report.dataset)} ${words}`;
  return `# yaml-language-server: $schema=../report.schema.json
report: ${report.name}
revision: 1
title: ${quoted(title)}
question: ${quoted(`How many records of ${report.dataset} are there ${words}?`)}
description: >-
  Say here what counts and what does not: people read it beside the numbers.
owner: ${quoted(report.owner)}
grain: [${column}]
zone: UTC
columns:
  ${column}: { type: ${type}, label: ${quoted(labelOf(column))}, description: ${quoted(description)} }
  records: { type: int8, label: Records, unit: records, additive: sum, description: ${quoted(`Records of ${report.dataset}`)} }
filters:
  ${column}: ${filter}
evidence:
  ${report.dataset}:
    sql: |
      SELECT r.*
      FROM analytics.${inSql(report.dataset)} r
      WHERE ${isIn}
    proves:
      records: count(*)
tests:
  - not_null: [records]
  - range: { column: records, min: 1 }
freshness: { warn_after: 1d, fail_after: 7d }
show:
  - tiles:
      records: { value: sum(records), label: Records, unit: records }
  - chart:
      name: records
      title: ${quoted(title)}
      ${chart}
  - table: { sort: ${type === 'date' ? `-${column}` : '-records'}, page: 50 }
`;
}

/** A name as people write it; in quotes only where it needs them. Behind a dot no word is reserved. */
function inSql(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

/** A text of YAML; plain where it can be. */
function quoted(text: string): string {
  return /^[A-Za-z][\w ?.()-]*$/.test(text) ? text : JSON.stringify(text);
}

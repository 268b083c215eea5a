import { biColumns, identifier, type BiColumn } from './bi-column.js';
import type { SourceRelation } from './source-relation.js';

export interface RowsReport {
  readonly name: string;
  readonly owner: string;
  readonly source: SourceRelation;
  /** Columns of the source that identify a row. */
  readonly grain: readonly string[];
}

/** The files of a new report that shows a relation row by row, by path inside its folder: pure. They pass `rollcall report check`. */
export function rowsReportFiles(report: RowsReport): ReadonlyMap<string, string> {
  const shown = biColumns(report.source.columns);
  const keyed = report.source.columns.filter(({ type }) => type !== 'bytea');
  const grain = report.grain.flatMap((name) => shown[keyed.findIndex((column) => column.name === name)] ?? []);
  return new Map([
    ['report.yaml', yamlOf(report, shown, grain)],
    ['view.sql', viewOf(report, shown)],
  ]);
}

function viewOf({ source }: RowsReport, columns: readonly BiColumn[]): string {
  const lines = columns.map(({ name, sql }) => (sql === `t.${name}` ? sql : `${sql} AS ${name}`));
  return `-- One row per row of ${source.schema}.${source.name}. New columns go to the end, here and in report.yaml.
SELECT ${lines.join(',\n       ')}
FROM ${placeOf(source)} t
`;
}

function yamlOf({ name, owner, source }: RowsReport, columns: readonly BiColumn[], grain: readonly BiColumn[]): string {
  const title = titleOf(name);
  const described = source.description ?? `Every row of ${source.schema}.${source.name}.`;
  const time = columns.find(({ type }) => type === 'timestamptz' || type === 'date');
  return `# yaml-language-server: $schema=../report.schema.json
report: ${name}
revision: 1
title: ${quoted(title)}
question: ${quoted(`What stands in ${source.name}?`)}
description: ${quoted(described)}
owner: ${quoted(owner)}
grain: [${grain.map((column) => column.name).join(', ')}]
zone: UTC
columns:
${columns.map(columnLine).join('\n')}
${filtersOf(time, grain)}${evidenceOf(source, grain)}# What must hold before a new state is served, beside the grain:
# tests:
#   - not_null: [${columns[0]?.name ?? ''}]
freshness: { warn_after: 1d, fail_after: 7d }
show:
  - tiles:
      rows: { value: count, label: Rows, unit: rows }
  - table: { sort: ${time ? `-${time.name}` : (grain[0]?.name ?? '')}, page: 50 }
`;
}

function columnLine({ name, type, description }: BiColumn): string {
  return `  ${name}: { type: ${type.includes(',') ? `'${type}'` : type}, description: ${quoted(description)} }`;
}

function filtersOf(time: BiColumn | undefined, grain: readonly BiColumn[]): string {
  const words = grain.find(({ type }) => type === 'text');
  const filters = [
    ...(time ? [`  ${time.name}: { column: ${time.name}, op: between }`] : []),
    ...(words ? [`  ${words.name}: { column: ${words.name}, op: contains }`] : []),
  ];
  return filters.length === 0 ? '' : `filters:\n${filters.join('\n')}\n`;
}

/** Rows of datasets alone lead back to the records they stand on. */
function evidenceOf(source: SourceRelation, grain: readonly BiColumn[]): string {
  if (!source.dataset) return '';
  const fields = source.columns.map((column) => `t.${identifier(column.name)}`);
  return `evidence:
  ${source.dataset.name}:
    sql: |
      SELECT ${[...fields, 't._batch_id', 't._position'].join(', ')}
      FROM ${placeOf(source)} t
      WHERE ${grain.map(({ sql, name }) => `${sql} = :${name}`).join('\n        AND ')}
`;
}

function placeOf({ schema, name }: SourceRelation): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/** `active_users` -> `Active users`. */
function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A text in double quotes means the same in YAML as in JSON. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

import type { Path } from '@rollcall/catalog';
import type { ReportColumn, ReportTest } from '../report.js';
import { selectFaults } from './check-sql.js';
import { columnAt, type ReportContext } from './report-context.js';
import type { TestEntry } from './report-schema.js';
import { canonicalText, isNumeric, valueWords } from './value-text.js';

const KINDS = ['unique', 'not_null', 'accepted', 'range', 'sql'] as const;

/** The tests of a report, checked; the grain's is always among them, first. */
export function buildTests(context: ReportContext): readonly ReportTest[] {
  const entries = context.entry.tests ?? [];
  const grain = entries.find(({ unique }) => unique !== undefined);
  const tests: ReportTest[] = [{ kind: 'grain', name: 'grain', severity: severityOf(context, grain) }];
  const names = new Set(['grain']);
  entries.forEach((entry, at) => {
    const path: Path = ['tests', at];
    const kinds = KINDS.filter((kind) => entry[kind] !== undefined);
    if (kinds.length !== 1) {
      const found = kinds.length === 0 ? 'nothing' : kinds.join(' and ');
      context.fault(path, 'one-test', `expected one test, found ${found}; make each a list item of its own`);
      return;
    }
    if (entry.severity === 'hold' && context.entry.materialize === false) {
      const message = 'a plain view has no earlier state to serve; set materialize: true, or severity: warn';
      context.fault([...path, 'severity'], 'hold-view', message);
    }
    for (const test of buildTest(context, path, entry)) {
      const name = uniqueName(names, test.name);
      names.add(name);
      tests.push({ ...test, name });
    }
  });
  return tests;
}

function severityOf({ entry }: ReportContext, test: TestEntry | undefined): 'hold' | 'warn' {
  return test?.severity ?? (entry.materialize === false ? 'warn' : 'hold');
}

function uniqueName(taken: ReadonlySet<string>, name: string): string {
  for (let count = 2; ; count++) {
    const tried = count === 2 && !taken.has(name) ? name : `${name}_${count}`;
    if (!taken.has(tried)) return tried;
  }
}

function buildTest(context: ReportContext, path: Path, entry: TestEntry): readonly ReportTest[] {
  const severity = severityOf(context, entry);
  const { not_null: notNull, accepted, range, sql } = entry;
  if (notNull !== undefined) {
    const listed = typeof notNull !== 'string';
    return (listed ? notNull : [notNull]).flatMap((text, at): readonly ReportTest[] => {
      const column = columnAt(context, [...path, 'not_null', ...(listed ? [at] : [])], text);
      return column ? [{ kind: 'not_null', name: `not_null_${column.name}`, severity, column: column.name }] : [];
    });
  }
  if (accepted) {
    const column = columnAt(context, [...path, 'accepted', 'column'], accepted.column);
    if (!column) return [];
    const values = accepted.values.map((value, at) =>
      fitting(context, [...path, 'accepted', 'values', at], column, value),
    );
    return [{ kind: 'accepted', name: `accepted_${column.name}`, severity, column: column.name, values }];
  }
  if (range) return buildRange(context, path, range, severity);
  return sql === undefined ? [] : buildSql(context, path, sql, severity);
}

function buildRange(
  context: ReportContext,
  path: Path,
  range: NonNullable<TestEntry['range']>,
  severity: 'hold' | 'warn',
): readonly ReportTest[] {
  const column = columnAt(context, [...path, 'range', 'column'], range.column);
  if (!column) return [];
  if (!isNumeric(column.type) && column.type.name !== 'date' && column.type.name !== 'timestamptz') {
    const message = `a range needs a number or a date, ${column.name} is ${column.type.name}`;
    context.fault([...path, 'range', 'column'], 'range-type', message);
    return [];
  }
  if (range.min === undefined && range.max === undefined) {
    context.fault([...path, 'range'], 'bad-range', 'a range needs min, max or both');
  }
  const end = (key: 'min' | 'max'): { readonly [end in 'min' | 'max']?: string } =>
    range[key] === undefined ? {} : { [key]: fitting(context, [...path, 'range', key], column, range[key]) };
  return [{ kind: 'range', name: `range_${column.name}`, severity, column: column.name, ...end('min'), ...end('max') }];
}

function buildSql(context: ReportContext, path: Path, file: string, severity: 'hold' | 'warn'): readonly ReportTest[] {
  const sql = fileAt(context, [...path, 'sql'], file);
  if (sql === undefined) return [];
  context.faultsInFile(file, selectFaults(sql, 'a test'));
  const name = (file.split('/').at(-1) ?? file).replace(/\.sql$/, '');
  return [{ kind: 'sql', name, severity, sql, sqlFile: file }];
}

/** The text of a file that the report names; a fault when the folder does not have it. */
export function fileAt(context: ReportContext, path: Path, file: string): string | undefined {
  const text = context.file(file);
  if (text === undefined) context.fault(path, 'missing-file', `there is no ${file} in the folder`);
  return text;
}

function fitting(context: ReportContext, path: Path, column: ReportColumn, value: string | number | boolean): string {
  const text = canonicalText(column.type, String(value));
  if (text !== undefined) return text;
  const message = `"${String(value)}" does not fit ${column.name}; expected ${valueWords(column.type)}`;
  context.fault(path, 'value-type', message);
  return String(value);
}

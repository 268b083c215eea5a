import { formatFault } from '@rollcall/catalog';
import { expect, test } from 'vitest';
import { parsedFolder } from '../../test/report-folder.js';
import { checkReports } from './check-reports.js';
import type { ReportSet } from './parsed-report.js';

const YAML = 'grain: [event]\ncolumns:\n  event: { type: text, description: The event }\n';

/** A set of reports, each reading the others named. */
function setOf(folders: Readonly<Record<string, string>>): ReportSet {
  return checkReports(Object.entries(folders).map(([name, sql]) => parsedFolder({ name, sql, yaml: YAML })));
}

function told(set: ReportSet, name: string): readonly string[] {
  return (set.faults.get(name) ?? []).map(formatFault);
}

test('a report comes after those it stands on', () => {
  const set = setOf({
    a: 'SELECT event FROM report.c JOIN report.b USING (event)',
    b: 'SELECT event FROM report.d',
    c: 'SELECT event FROM analytics.x',
    d: 'SELECT event FROM analytics.x',
  });
  expect([...set.faults]).toEqual([]);
  expect(set.reports.map(({ name }) => name)).toEqual(['d', 'b', 'c', 'a']);
  expect(set.reportsUnder('a')).toEqual(['c', 'b']);
});

test('a circle is told as the way round, at each of its places, and takes along what stands on it', () => {
  const set = setOf({
    a: 'SELECT event FROM report.b',
    b: 'SELECT event\nFROM report.c',
    c: 'SELECT event FROM "report"."a"',
    above: 'SELECT event FROM report.a',
    fine: 'SELECT event FROM analytics.x',
  });
  const end = 'one of them must read the datasets instead [report-cycle]';
  expect(told(set, 'a')).toEqual([
    `reports/a/view.sql:1:19: error: reports stand on each other: a -> b -> c -> a; ${end}`,
  ]);
  expect(told(set, 'b')).toEqual([
    `reports/b/view.sql:2:6: error: reports stand on each other: b -> c -> a -> b; ${end}`,
  ]);
  expect(told(set, 'c')).toEqual([
    `reports/c/view.sql:1:19: error: reports stand on each other: c -> a -> b -> c; ${end}`,
  ]);
  expect(told(set, 'above')).toEqual([expect.stringMatching(/report "a" is faulty: .*\[report-broken\]$/)]);
  expect(set.reports.map(({ name }) => name)).toEqual(['fine']);
});

test('a report that reads itself is a circle', () => {
  expect(told(setOf({ a: 'SELECT event FROM report.a' }), 'a')).toEqual([
    expect.stringContaining('reports stand on each other: a -> a;'),
  ]);
});

test('a report that is not there is named, with the one that was meant', () => {
  const set = setOf({ answers: 'SELECT event FROM analytics.x', b: 'SELECT event FROM report.anwsers' });
  expect(told(set, 'b')).toEqual([
    'reports/b/view.sql:1:19: error: there is no report "anwsers"; did you mean "answers"? [unknown-report]',
  ]);
});

test('what stands on a faulty report is faulty too, at any depth; the others are not', () => {
  const set = setOf({
    a: 'SELECT event FROM report.b',
    b: 'SELECT event FROM report.broken',
    broken: 'DROP TABLE x',
    fine: 'SELECT event FROM analytics.x',
  });
  expect(told(set, 'b')).toEqual([
    'reports/b/view.sql:1:19: error: report "broken" is faulty: reports/broken/view.sql:1:1: a view only reads; DROP is not allowed [report-broken]',
  ]);
  expect(told(set, 'a')).toEqual([expect.stringContaining('report "b" is faulty: reports/b/view.sql:1:19')]);
  expect(set.reports.map(({ name }) => name)).toEqual(['fine']);
});

test('the hash changes with what is served, and only with it', () => {
  const hash = (sql: string, yaml: string): string | undefined => parsedFolder({ sql, yaml }).report?.hash;
  const base = hash('SELECT event FROM x', YAML);
  expect(base).toMatch(/^[0-9a-f]{12}$/);
  expect(hash('SELECT event FROM x', `# a comment\n${YAML}zone: UTC\n`)).toBe(base);
  expect(hash('SELECT event FROM y', YAML)).not.toBe(base);
  expect(hash('SELECT event FROM x', `${YAML}zone: Europe/Amsterdam\n`)).not.toBe(base);
});

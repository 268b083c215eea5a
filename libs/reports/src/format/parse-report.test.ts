import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsedFolder } from '../../test/report-folder.js';
import { checkReports } from './check-reports.js';
import { parseReport } from './parse-report.js';

const FOLDER = new URL('../../../../reports/answers_per_session/', import.meta.url);
const PATHS = ['report.yaml', 'view.sql', 'tests/counts_agree.sql'];
const TEXTS = new Map(PATHS.map((path) => [path, readFileSync(new URL(path, FOLDER), 'utf8')]));

/** A text with a piece taken out, doubled, moved, or put in. */
function mangled(text: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: text.length });
  const put = fc.oneof(
    fc.constantFrom('', '\n', ': ', '[', '}', "'", '"', '- ', '|', '&a', '*a', '~', '0', '\0', '😀'),
    fc.string(),
  );
  return fc
    .record({ from: place, to: place, at: place, put, repeat: fc.boolean() })
    .map(({ from, to, at, put, repeat }) => {
      const [start, end] = from < to ? [from, to] : [to, from];
      // Short cuts leave more of the file to be read than long ones.
      const cut = text.slice(0, start) + text.slice(Math.min(end, start + 40));
      return `${cut.slice(0, at)}${put}${repeat ? text.slice(start, start + 40) : ''}${cut.slice(at)}`;
    });
}

test('whatever is in a folder, it is a report or has faults at places, and never an exception', () => {
  for (const path of PATHS) {
    fc.assert(
      fc.property(mangled(TEXTS.get(path) ?? ''), (text) => {
        const files = new Map([...TEXTS, [path, text]]);
        const parsed = parseReport({ name: 'answers_per_session', dir: 'reports/answers_per_session', files });
        expect(parsed.faults.length === 0).toBe(parsed.report !== undefined);
        for (const { file, line, column } of parsed.faults) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(PATHS.some((known) => file.endsWith(known))).toBe(true);
        }
        checkReports([parsed]);
      }),
      { numRuns: 40 },
    );
  }
}, 30_000);

test.each(['', '# nothing yet\n', '[]', '7', 'null', '{}'])('a report.yaml that holds %j has faults', (text) => {
  const files = new Map([...TEXTS, ['report.yaml', text]]);
  const { report, faults } = parseReport({ name: 'answers_per_session', dir: 'reports/x', files });
  expect(report).toBeUndefined();
  expect(faults.length).toBeGreaterThan(0);
});

test('what is not said has its default', () => {
  const { report } = parsedFolder({
    sql: 'SELECT 1',
    yaml: 'grain: [a]\ncolumns:\n  a: { type: text, description: A }\n  first_at: { type: timestamptz, description: F }\n  n: { type: int8, description: N }\n  d: { type: "decimal(10,2)", description: D }\n',
  });
  expect(report).toMatchObject({
    zone: 'UTC',
    materialize: true,
    minRefreshSeconds: 5,
    filters: [],
    evidence: [],
    tiles: [],
    charts: [],
    layout: [{ kind: 'table' }],
    table: { columns: ['a', 'first_at', 'n', 'd'], sort: [{ column: 'a', descending: false }], pageRows: 50 },
    tests: [{ kind: 'grain', name: 'grain', severity: 'hold' }],
  });
  expect(report?.columns.map(({ label, format, additive, good }) => [label, format, additive, good])).toEqual([
    ['A', 'text', 'none', 'none'],
    ['First at', 'instant', 'none', 'none'],
    ['N', 'int', 'none', 'none'],
    ['D', 'num2', 'none', 'none'],
  ]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodReport } from '../../test/report-folder.js';
import { reportWarehouse, type ReportWarehouse } from '../../test/report-warehouse.js';
import { evidenceStatements } from './evidence-statements.js';
import type { Statement } from './rows-query.js';
import { testStatement } from './test-statement.js';

const REPORT = goodReport({
  sql: 'SELECT 1',
  yaml: `grain: [event, day]
columns:
  event: { type: text, description: A }
  day: { type: date, description: A }
  answers: { type: int8, description: A, additive: sum }
  score: { type: numeric, description: A }
evidence:
  answers:
    sql: |
      SELECT ':event' AS quoted, a.event, a.at::date AS day, a.score, a._batch_id, a._position -- :event
      FROM analytics.answers a WHERE a.event = :event AND a.at::date = :day::date -- the end
    proves:
      answers: count(*) -- all
      score: sum(score)
tests:
  - not_null: score
  - accepted: { column: event, values: [a, "it's"] }
  - range: { column: score, min: 0, max: 12.5 }
  - range: { column: day, min: 2026-01-01 }
  - sql: tests/odd.sql
`,
  files: { 'tests/odd.sql': 'WITH odd AS (SELECT * FROM report) SELECT * FROM odd WHERE answers > 3 -- end' },
});
const [RULE] = REPORT.evidence;

const SETUP = `
CREATE TABLE analytics.answers (event text, at timestamptz, score numeric, _batch_id int8, _position text);
INSERT INTO analytics.answers
SELECT 'a''b', '2026-08-03 10:00Z', 9007199254740993.5, 1 + i % 3, lpad(to_hex(i), 4, '0') FROM generate_series(1, 25) i;
INSERT INTO analytics.answers VALUES ('other', '2026-08-03 10:00Z', 1, 1, '0000');
CREATE TABLE report.quiz (event text, day date, answers int8, score numeric);
INSERT INTO report.quiz VALUES ('a', '2026-08-03', 1, 1), ('a', '2026-08-03', 4, 13), ('it''s', NULL, 1, NULL), ('b', '2025-12-31', 9, -1);`;

let here: ReportWarehouse;
beforeAll(async () => void (here = await reportWarehouse(SETUP)));
afterAll(() => here[Symbol.asyncDispose]());

function ask<R extends object>({ text, values }: Statement): Promise<readonly R[]> {
  return here.warehouse.session((session) => session.rows<R>(text, values));
}

interface EvidenceRow {
  readonly batch: string;
  readonly position: string;
  readonly values: Readonly<Record<string, string | null>>;
}

test('the evidence of a row is counted, proves its numbers and is paged through once', async () => {
  if (!RULE) throw new Error('the report has evidence');
  const statements = evidenceStatements(REPORT, RULE, { event: "a'b", day: '2026-08-03' });
  expect(await ask(statements.totals)).toEqual([{ _total: '25', answers: '25', score: '225179981368524837.5' }]);
  const seen: string[] = [];
  for (let after: { batch: string; position: string } | undefined; ;) {
    const rows = await ask<EvidenceRow>(statements.page(7, after));
    const page = rows.slice(0, 7);
    seen.push(...page.map(({ batch, position }) => `${batch}/${position}`));
    const last = page.at(-1);
    if (rows.length <= 7 || !last) break;
    after = { batch: last.batch, position: last.position };
  }
  expect(new Set(seen).size).toBe(25);
  expect(seen).toEqual([...seen].sort());
});

test('its values are texts with every digit, in the order of the select', async () => {
  if (!RULE) throw new Error('the report has evidence');
  const [row] = await ask<EvidenceRow>(evidenceStatements(REPORT, RULE, { event: "a'b", day: '2026-08-03' }).page(1));
  expect(Object.entries(row?.values ?? {})).toEqual([
    ['quoted', ':event'],
    ['event', "a'b"],
    ['day', '2026-08-03'],
    ['score', '9007199254740993.5'],
  ]);
});

test.each([
  ['grain', '2'],
  ['not_null_score', '1'],
  ['accepted_event', '1'],
  ['range_score', '2'],
  ['range_day', '1'],
  ['odd', '2'],
])('test %s counts what offends', async (name, failures) => {
  const one = REPORT.tests.find((test) => test.name === name);
  if (!one) throw new Error(`no test ${name}`);
  expect(await ask(testStatement(REPORT, one))).toEqual([{ failures }]);
});

import { checkCatalog, formatFault, parseSource, type Catalog } from '@rollcall/catalog';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsedFolder, type FolderParts } from '../../test/report-folder.js';
import { reportWarehouse, type ReportWarehouse } from '../../test/report-warehouse.js';
import { checkReports } from '../format/check-reports.js';
import { inspectReports } from './inspect-reports.js';
import type { Inspection } from './inspection.js';

const TABLES = `
CREATE TABLE analytics.answers (event_id text, score int4, points numeric(10,2), at timestamptz, _batch_id int8, _position text);
CREATE TABLE analytics.answers_session (session_id text, answers int8);
CREATE TABLE history.people (id text, name text);
CREATE TABLE analytics.stray (id text);
CREATE SCHEMA IF NOT EXISTS custom;
CREATE VIEW custom.best AS SELECT event_id FROM analytics.answers;
CREATE TABLE public.private (id text);`;

const CATALOG = `
source: quiz
kind: logs
datasets:
  answers:
    columns: { event_id: { type: text }, at: { type: timestamptz } }
    derive: { sessions: { into: answers_session, by: event_id, at: at } }
  people:
    columns: { id: { type: text } }
`;

const GOOD: FolderParts = {
  sql: '-- Per event.\nSELECT a.event_id,\n       count(*) AS answers\nFROM analytics.answers a\nGROUP BY 1',
  yaml: `grain: [event_id]
columns:
  event_id: { type: text, description: The event }
  answers: { type: int8, description: Answers, additive: sum }
evidence:
  answers:
    sql: |
      SELECT a.at, a._batch_id, a._position
      FROM analytics.answers a
      WHERE a.event_id = :event_id
    proves: { answers: count(*) }
filters:
  least: { op: where, sql: 'answers >= :value', default: 1 }
tests:
  - sql: tests/odd.sql
show:
  - tiles: { all: { value: sum(answers) } }
  - chart: { name: events, title: Events, kind: bars, x: answers, y: event_id, sort: -answers }
  - table: {}
`,
  files: { 'tests/odd.sql': 'SELECT * FROM report WHERE answers < 0' },
};

let here: ReportWarehouse;
let catalog: Catalog;

beforeAll(async () => {
  here = await reportWarehouse(TABLES);
  const checked = checkCatalog([parseSource(CATALOG, 'catalog/quiz.yaml')]);
  if (!checked.catalog) throw new Error(checked.faults.map(formatFault).join('\n'));
  catalog = checked.catalog;
});
afterAll(() => here[Symbol.asyncDispose]());

async function inspected(...folders: readonly FolderParts[]): Promise<ReadonlyMap<string, Inspection>> {
  const set = checkReports(folders.map(parsedFolder));
  expect([...set.faults.values()].flat().map(formatFault)).toEqual([]);
  return here.warehouse.session((session) => inspectReports(session, set, catalog));
}

async function faultsOf(...folders: readonly FolderParts[]): Promise<readonly string[]> {
  return [...(await inspected(...folders)).values()].flatMap(({ faults }) => faults.map(formatFault));
}

function changed(from: FolderParts, ...changes: readonly (readonly [string, string])[]): FolderParts {
  let { sql, yaml } = from;
  for (const [before, after] of changes) {
    expect(sql + yaml).toContain(before);
    sql = sql.replace(before, after);
    yaml = yaml.replace(before, after);
  }
  return { ...from, sql, yaml };
}

test('a good report has no fault, and its inputs are known', async () => {
  expect((await inspected(GOOD)).get('quiz')).toEqual({
    faults: [],
    notes: [],
    datasets: ['answers'],
    relations: ['analytics.answers'],
  });
});

test('nothing is left behind', async () => {
  await inspected(GOOD);
  const [left] = await here.warehouse.query<{ count: string }>(`SELECT count(*) FROM pg_class WHERE relname = 'quiz'`);
  expect(left?.count).toBe('0');
});

test.each<[string, readonly (readonly [string, string])[], string]>([
  [
    'a column behind letters that take two units',
    [['a.event_id,', "'😀ä' AS odd, a.odd_one,"]],
    'reports/quiz/view.sql:2:22: error: column a.odd_one does not exist [sql-42703]',
  ],
  [
    'a column the server has a hint for',
    [['a.event_id,', 'a.event_idd,']],
    'reports/quiz/view.sql:2:8: error: column a.event_idd does not exist. Perhaps you meant to reference the column "a.event_id". [sql-42703]',
  ],
  [
    'a relation that is not there',
    [['FROM analytics.answers a\nGROUP', 'FROM analytics.answerz a\nGROUP']],
    'reports/quiz/view.sql:4:6: error: relation "analytics.answerz" does not exist [sql-42p01]',
  ],
  [
    'a syntax error',
    [['GROUP BY 1', 'GROUP BY GROUP']],
    'reports/quiz/view.sql:5:10: error: syntax error at or near "GROUP" [sql-42601]',
  ],
  [
    'a type that differs',
    [['count(*) AS answers', 'sum(a.score)::numeric AS answers']],
    'reports/quiz/report.yaml:10:20: error: column "answers" is numeric in the view, int8 here; cast it in view.sql: (…)::bigint [column-type]',
  ],
  [
    'a decimal of another scale',
    [
      ['count(*) AS answers', 'max(a.points) AS answers'],
      ['type: int8', 'type: "decimal(12,3)"'],
    ],
    'reports/quiz/report.yaml:10:20: error: column "answers" is numeric in the view, decimal(12,3) here; cast it in view.sql: (…)::numeric(12,3) [column-type]',
  ],
  [
    'another order',
    [
      ['SELECT a.event_id,\n       count(*) AS answers', 'SELECT count(*) AS answers, a.event_id'],
      ['GROUP BY 1', 'GROUP BY 2'],
    ],
    'reports/quiz/report.yaml:9:3: error: column "event_id" is number 2 in the view, number 1 here; the order must be the same [column-order]',
  ],
  [
    'a column that the view does not give',
    [['count(*) AS answers', 'count(*) AS answer']],
    'reports/quiz/report.yaml:10:3: error: view.sql gives no column "answers"; it has "answer" [column-missing]',
  ],
  [
    'a column that is not described',
    [['count(*) AS answers', 'count(*) AS answers, max(a.at) AS latest']],
    'reports/quiz/report.yaml:8:1: error: view.sql gives a column "latest" (timestamp with time zone) that is not described; add it at its place, or do not select it [column-extra]',
  ],
  [
    'evidence that cannot be read, at its line in report.yaml',
    [['a.at, a._batch_id', 'a.att, a._batch_id']],
    'reports/quiz/report.yaml:14:14: error: the evidence of answers: column a.att does not exist. Perhaps you meant to reference the column "a.at". [sql-42703]',
  ],
  [
    'evidence that gives no place of the record',
    [['a._batch_id, a._position', 'a._batch_id']],
    'reports/quiz/report.yaml:14:7: error: the evidence of answers: column evidence._position does not exist [sql-42703]',
  ],
  [
    'a proof over what the evidence does not give',
    [['count(*) }', 'count(DISTINCT who) }']],
    'reports/quiz/report.yaml:17:24: error: the proof of answers: column "who" does not exist [sql-42703]',
  ],
  [
    'a condition of a filter',
    [['answers >= :value', 'answer >= :value']],
    'reports/quiz/report.yaml:19:28: error: filter least: column "answer" does not exist. Perhaps you meant to reference the column "quiz.answers". [sql-42703]',
  ],
  [
    'a relation that is not for reports',
    [['FROM analytics.answers a\nGROUP', 'FROM public.private p, analytics.answers a\nGROUP']],
    'reports/quiz/view.sql:4:6: error: public.private is not for reports; they stand on analytics, history, report and custom [relation-schema]',
  ],
])('%s is told at its place', async (_what, changes, expected) => {
  expect(await faultsOf(changed(GOOD, ...changes))).toEqual([expected]);
});

test('a test that cannot be read is told at its place in its file', async () => {
  const files = { 'tests/odd.sql': '-- Never.\nSELECT *\nFROM report WHERE answerz < 0 -- or' };
  expect(await faultsOf({ ...GOOD, files })).toEqual([
    'reports/quiz/tests/odd.sql:3:19: error: test odd: column "answerz" does not exist. Perhaps you meant to reference the column "report.answers". [sql-42703]',
  ]);
});

const ABOVE: FolderParts = {
  name: 'above',
  sql: 'SELECT q.event_id, "q".answers + 0 AS answers /* report.nothing */ FROM "report".quiz q, report . quiz r WHERE q.event_id = r.event_id',
  yaml: 'grain: [event_id]\ncolumns:\n  event_id: { type: text, description: E }\n  answers: { type: int8, description: A }\n',
};

test('a report on a report has the datasets of that one', async () => {
  const found = await inspected(ABOVE, GOOD);
  expect(found.get('above')).toEqual({ faults: [], notes: [], datasets: ['answers'], relations: ['report.quiz'] });
});

test('places behind a name of another report are right', async () => {
  const wrong = { ...ABOVE, sql: 'SELECT q.event_id, q.answers FROM report.quiz q WHERE q.answerz > 1' };
  expect(await faultsOf(GOOD, wrong)).toEqual([
    'reports/above/view.sql:1:55: error: column q.answerz does not exist. Perhaps you meant to reference the column "q.answers". [sql-42703]',
  ]);
});

test('what stands on a faulty report is faulty, and says so; the others are not touched', async () => {
  const broken = changed(GOOD, ['a.event_id,', 'a.event_idd,']);
  const other = { ...GOOD, name: 'other' };
  const found = await inspected(broken, ABOVE, other);
  expect(found.get('above')?.faults.map(formatFault)).toEqual([
    expect.stringMatching(
      /^reports\/above\/view\.sql:1:73: error: report "quiz" is faulty: reports\/quiz\/view\.sql:2:8: .*\[report-broken\]$/,
    ),
    expect.stringContaining('[report-broken]'),
  ]);
  expect(found.get('other')?.faults).toEqual([]);
});

test('inputs are found through views of people, derived tables and history', async () => {
  const columns = 'grain: [id]\ncolumns:\n  id: { type: text, description: I }\n';
  const of = async (sql: string): Promise<Inspection | undefined> =>
    (await inspected({ sql, yaml: columns })).get('quiz');
  expect(await of('SELECT event_id AS id FROM custom.best')).toMatchObject({
    datasets: ['answers'],
    relations: ['custom.best'],
  });
  expect(await of('SELECT session_id AS id FROM analytics.answers_session')).toMatchObject({ datasets: ['answers'] });
  expect(await of('SELECT id FROM history.people')).toMatchObject({ datasets: ['people'] });
  expect(await of('SELECT id FROM analytics.stray')).toMatchObject({
    datasets: [],
    notes: ['analytics.stray belongs to no dataset of the catalog: nothing says how fresh it is'],
  });
});

test('evidence of a dataset that the view does not read is a fault', async () => {
  const people = changed(
    GOOD,
    ['  answers:\n    sql', '  people:\n    sql'],
    ['SELECT a.at, a._batch_id, a._position', 'SELECT 1 AS _batch_id, 2 AS _position'],
  );
  expect(await faultsOf(people)).toEqual([
    'reports/quiz/report.yaml:12:3: error: the view does not stand on dataset "people"; known here: answers [evidence-dataset]',
  ]);
});

test('what this user may not read is a fault of the report', async () => {
  const answer = await here.warehouse.session(async (session) => {
    await session.run('CREATE ROLE rollcall_inspector NOLOGIN').catch(() => undefined);
    await session.run('GRANT USAGE ON SCHEMA analytics TO rollcall_inspector');
    await session.run('SET ROLE rollcall_inspector');
    try {
      return await inspectReports(session, checkReports([parsedFolder(GOOD)]), catalog);
    } finally {
      await session.run('RESET ROLE');
    }
  });
  expect(answer.get('quiz')?.faults.map(formatFault)).toEqual([
    'reports/quiz/view.sql:1:1: error: permission denied for table answers [sql-42501]',
  ]);
});

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatFault } from '@rollcall/catalog';
import { testFolder } from '@rollcall/testkit';
import { expect, test } from 'vitest';
import { readReports } from './read-reports.js';

const HEAD = 'revision: 1\ntitle: T\nquestion: Q\ndescription: D\nowner: O\ngrain: [event]\n';
const COLUMNS = 'columns:\n  event: { type: text, description: E }\n  n: { type: int8, description: N }\n';

async function write(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

test('every folder that holds a report is read, and nothing else', async () => {
  await using folder = await testFolder();
  await write(folder.path, {
    'report.schema.json': '{}',
    Kustomization: '',
    'good/report.yaml': `report: good\n${HEAD}${COLUMNS}tests:\n  - sql: tests/deep/odd.sql\n`,
    'good/view.sql': 'SELECT event, n FROM analytics.x',
    'good/tests/deep/odd.sql': 'SELECT * FROM report WHERE n < 0',
    'good/notes.md': '# not a part of it',
    'good/.view.sql.swp': 'half written',
    'no_yaml/view.sql': 'SELECT 1',
    'notes/README.md': 'not a report',
    '.hidden/report.yaml': 'report: hidden',
  });
  const { reports, faults } = await readReports(folder.path);
  expect(reports.map(({ name, file }) => [name, file])).toEqual([['good', join(folder.path, 'good/report.yaml')]]);
  expect([...faults.keys()]).toEqual(['no_yaml']);
});

test('a Vega-Lite file that loads something is a fault of its report, at its place', async () => {
  await using folder = await testFolder();
  const chart = 'show:\n  - chart: { name: own, title: Own, vega_lite: charts/own.vl.json }\n';
  await write(folder.path, {
    'own/report.yaml': `report: own\n${HEAD}${COLUMNS}${chart}`,
    'own/view.sql': 'SELECT event, n FROM analytics.x',
    'own/charts/own.vl.json': '{\n  "data": { "url": "https://example.org/x.json" },\n  "mark": "bar"\n}\n',
  });
  const { reports, faults } = await readReports(folder.path);
  expect(reports).toEqual([]);
  expect((faults.get('own') ?? []).map(formatFault)).toEqual([
    expect.stringMatching(/own\/charts\/own\.vl\.json:2:\d+: error: /),
  ]);
});

test('a folder that cannot be read is an error, not a fault', async () => {
  await expect(readReports('/nowhere/at/all')).rejects.toMatchObject({ code: 'report/invalid' });
});

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatFault } from '@rollcall/catalog';
import { expect, test } from 'vitest';
import { readReports } from './read-reports.js';
import { reportJsonSchema } from './report-json-schema.js';

const REPORTS = fileURLToPath(new URL('../../../../reports', import.meta.url));
const FOLDERS = readdirSync(REPORTS, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

test('the shipped reports have no fault', async () => {
  const { faults, reports } = await readReports(REPORTS);
  expect([...faults.values()].flat().map(formatFault)).toEqual([]);
  expect(reports.map(({ name }) => name).sort()).toEqual([...FOLDERS].sort());
});

// `vitest run --project unit libs/reports/src/format -u` writes it anew; review looks at the difference.
test('reports/report.schema.json is what the code says', async () => {
  await expect(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(`${REPORTS}/report.schema.json`);
});

test('every shipped report points editors to it', () => {
  expect(FOLDERS.length).toBeGreaterThan(0);
  for (const folder of FOLDERS) {
    const [first] = readFileSync(`${REPORTS}/${folder}/report.yaml`, 'utf8').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=../report.schema.json');
  }
});

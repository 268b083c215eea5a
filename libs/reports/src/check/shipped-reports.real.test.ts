import { fileURLToPath } from 'node:url';
import { formatFault, loadCatalog } from '@rollcall/catalog';
import { prepareDatasets } from '@rollcall/warehouse';
import { expect, test } from 'vitest';
import { reportWarehouse } from '../../test/report-warehouse.js';
import { newReportFiles } from '../format/new-report.js';
import { checkReports } from '../format/check-reports.js';
import { parseReport } from '../format/parse-report.js';
import { readReports } from '../format/read-reports.js';
import { inspectReports } from './inspect-reports.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

test('a warehouse that has seen no record yet has nothing against the shipped reports', async () => {
  await using here = await reportWarehouse('SELECT 1');
  const catalog = await loadCatalog(`${ROOT}catalog`);
  await prepareDatasets(here.warehouse, catalog.datasets.values());
  const set = await readReports(`${ROOT}reports`);
  const inspections = await here.warehouse.session((session) => inspectReports(session, set, catalog));
  expect(inspections.size).toBeGreaterThanOrEqual(3);
  for (const [name, { faults, notes, datasets }] of inspections) {
    expect({ name, faults: faults.map(formatFault), notes }).toEqual({ name, faults: [], notes: [] });
    expect(datasets.length).toBeGreaterThan(0);
  }
});

test('nor against a new report on any of its datasets', async () => {
  await using here = await reportWarehouse('SELECT 1');
  const catalog = await loadCatalog(`${ROOT}catalog`);
  await prepareDatasets(here.warehouse, catalog.datasets.values());
  const datasets = [...catalog.datasets.values()].filter(({ columns }) => columns.length > 0);
  const folders = datasets.map(({ name: dataset, columns }, at) => {
    const name = `fresh_${at}`;
    const files = newReportFiles({ name, dataset, columns });
    return parseReport({ name, dir: `reports/${name}`, files });
  });
  const set = checkReports(folders);
  const inspections = await here.warehouse.session((session) => inspectReports(session, set, catalog));
  expect(inspections.size).toBe(datasets.length);
  const found = [...inspections.values()].flatMap(({ faults }) => faults);
  expect([...set.faults.values()].flat().concat(found).map(formatFault)).toEqual([]);
});

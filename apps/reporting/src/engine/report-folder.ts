import { formatFault, type Catalog } from '@rollcall/catalog';
import { inspectReports, readReports } from '@rollcall/reports';
import { prepareDatasets, type Warehouse } from '@rollcall/warehouse';
import type { Revision } from './ops-report.js';

/** What the folder of reports says, checked against the warehouse. */
export interface Folder {
  /** Every folder of it, faulty or not. */
  readonly names: ReadonlySet<string>;
  /** What can be served, a report after those it stands on. */
  readonly revisions: readonly Revision[];
  /** By folder, as `file:line:col: error: …`. */
  readonly faults: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads and checks the folder. Datasets of the catalog that never had a load get their empty tables first: a report on them is empty, not broken.
 * Throws report/invalid when the folder cannot be read, `warehouse/*` for outages.
 */
export async function readFolder(warehouse: Warehouse, catalog: Catalog, dir: string): Promise<Folder> {
  const set = await readReports(dir);
  await prepareDatasets(warehouse, catalog.datasets.values());
  const inspections = await warehouse.session((session) => inspectReports(session, set, catalog));
  const faults = new Map([...set.faults].map(([name, found]) => [name, found.map(formatFault)]));
  const revisions: Revision[] = [];
  for (const report of set.reports) {
    const inspection = inspections.get(report.name);
    const found = (inspection?.faults ?? []).map(formatFault);
    if (found.length > 0) faults.set(report.name, found);
    else
      revisions.push({
        report,
        datasets: inspection?.datasets ?? [],
        reportsUnder: [...set.reportsUnder(report.name)],
      });
  }
  const names = new Set([...set.reports.map(({ name }) => name), ...faults.keys()]);
  return { names, revisions, faults };
}

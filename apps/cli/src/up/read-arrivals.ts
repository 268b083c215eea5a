import type { Catalog, Dataset } from '@rollcall/catalog';
import { listBatches, readManifest } from '@rollcall/lake';
import type { Warehouse } from '@rollcall/warehouse';
import { openLake } from '../edges/open-lake.js';
import { countRows, openForReading, warehouseFacts } from '../edges/warehouse-facts.js';
import { requireSettings, type CliSettings } from '../settings/cli-settings.js';
import type { Arrival } from './arrival-table.js';

/** What of every dataset stands in the lake (by its own footers) and in the warehouse (by its own counts). */
export async function readArrivals(settings: CliSettings, catalog: Catalog): Promise<readonly Arrival[]> {
  const { LAKE_URL, WAREHOUSE_URL } = requireSettings(settings, ['LAKE_URL', 'WAREHOUSE_URL']);
  const store = await openLake(LAKE_URL, settings);
  await using warehouse = openForReading(WAREHOUSE_URL);
  const datasets = [...catalog.datasets.values()];
  const facts = await warehouseFacts(
    warehouse,
    datasets.map(({ name }) => name),
  );
  return await Promise.all(
    datasets.map(async (dataset) => {
      const lake = { lakeBatches: 0, lakeRows: 0, lakeRejected: 0 };
      for await (const batch of listBatches(store, { dataset: dataset.name })) {
        const manifest = await readManifest(store, batch.key);
        lake.lakeBatches += 1;
        lake[batch.lane === 'rows' ? 'lakeRows' : 'lakeRejected'] += manifest?.rows ?? 0;
      }
      const found = facts.find((fact) => fact.dataset === dataset.name);
      return {
        dataset: dataset.name,
        ...lake,
        loadedBatches: found?.batches ?? 0,
        warehouseRows: found?.rows ?? 0,
        quarantined: found?.quarantined ?? 0,
        ...(await sessionsOf(warehouse, dataset)),
      };
    }),
  );
}

async function sessionsOf(
  warehouse: Warehouse,
  dataset: Dataset,
): Promise<{ sessions?: number; halfDaySessions?: number }> {
  const found: { sessions?: number; halfDaySessions?: number } = {};
  for (const { into, mode } of dataset.derive) {
    const count = await countRows(warehouse, 'analytics', into, 'mode = $1', [mode.name]);
    found[mode.name === 'gap' ? 'sessions' : 'halfDaySessions'] = count;
  }
  return found;
}

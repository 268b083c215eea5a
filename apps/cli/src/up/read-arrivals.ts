import type { Catalog, Dataset } from '@rollcall/catalog';
import { listBatches, readManifest } from '@rollcall/lake';
import type { Warehouse } from '@rollcall/warehouse';
import { openLake } from '../edges/open-lake.js';
import { countRows, openForReading, warehouseFacts } from '../edges/warehouse-facts.js';
import { requireSettings, type CliSettings } from '../settings/cli-settings.js';
import type { Arrival } from './arrival-table.js';

/**
 * What of every dataset stands in the lake and in the warehouse. A batch that the ledger has was checked against its sha256 when it was
 * loaded, so its rows are taken from there; of the others the footer is read. So a lake of many days costs one listing.
 */
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
      const ledger = await ledgerRows(warehouse, dataset.name);
      const lake = { lakeBatches: 0, lakeRows: 0, lakeRejected: 0, notLoaded: 0 };
      for await (const { batchId, key, lane } of listBatches(store, { dataset: dataset.name })) {
        const known = ledger.get(batchId);
        lake.lakeBatches += 1;
        lake.notLoaded += known === undefined ? 1 : 0;
        lake[lane === 'rows' ? 'lakeRows' : 'lakeRejected'] += known ?? (await readManifest(store, key))?.rows ?? 0;
      }
      const found = facts.find((fact) => fact.dataset === dataset.name);
      return {
        dataset: dataset.name,
        ...lake,
        warehouseRows: found?.rows ?? 0,
        quarantined: found?.quarantined ?? 0,
        ...(await sessionsOf(warehouse, dataset)),
      };
    }),
  );
}

async function ledgerRows(warehouse: Warehouse, dataset: string): Promise<ReadonlyMap<string, number>> {
  const rows = await warehouse.query<{ batch_id: string; rows: string }>(
    'SELECT batch_id, rows FROM ops.batch WHERE dataset = $1',
    [dataset],
  );
  return new Map(rows.map((row) => [row.batch_id, Number(row.rows)]));
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

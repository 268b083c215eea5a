import { loadCatalog } from '@rollcall/catalog';
import { openForReading, warehouseFacts } from '../edges/warehouse-facts.js';
import { requireSettings, type CliSettings } from '../settings/cli-settings.js';
import type { Seen } from './watch-arrival.js';

/** Rows and quarantine of every dataset of the catalog, as the warehouse has them now. */
export async function countArrivals(settings: CliSettings): Promise<readonly Seen[]> {
  const { WAREHOUSE_URL, CATALOG_DIR } = requireSettings(settings, ['WAREHOUSE_URL', 'CATALOG_DIR']);
  const catalog = await loadCatalog(CATALOG_DIR);
  await using warehouse = openForReading(WAREHOUSE_URL);
  return await warehouseFacts(warehouse, [...catalog.datasets.keys()]);
}

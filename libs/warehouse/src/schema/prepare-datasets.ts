import type { Dataset } from '@rollcall/catalog';
import type { Warehouse } from '../open-warehouse.js';
import { ensureDataset, knownRelation } from './ensure-dataset.js';

/**
 * Makes the relations of datasets that have none yet, empty, as their first load would: whoever reads them finds no rows instead of no table.
 * Datasets that are there already stay as they are, whatever the contract says now; a dataset with `tables: freeze` is left to an operator.
 */
export async function prepareDatasets(warehouse: Warehouse, datasets: Iterable<Dataset>): Promise<void> {
  await warehouse.session(async (session) => {
    for (const dataset of datasets) {
      if (dataset.contract.tables === 'freeze') continue;
      if ((await knownRelation(session, dataset.name)) === undefined)
        await ensureDataset(session, warehouse.dialect, dataset);
    }
  });
}

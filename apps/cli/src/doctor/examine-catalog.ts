import { formatFault } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { readCatalogFolder } from '../catalog/read-catalog.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { examine, type Finding } from './finding.js';

/** Whether the catalog can be read and has no fault. */
export async function examineCatalog({ catalogDir }: OpenedSettings): Promise<readonly Finding[]> {
  const finding = await examine('catalog', 'contracts', async () => {
    const { catalog, faults } = await readCatalogFolder(catalogDir);
    if (catalog && faults.length === 0) return `${catalog.datasets.size} datasets in ${catalogDir}`;
    throw new RollcallError('catalog/invalid', faults.map(formatFault).join('\n'));
  });
  return [finding];
}

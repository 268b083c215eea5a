import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import { checkCatalog, type CheckedCatalog } from './check-catalog.js';
import type { Catalog } from './dataset.js';
import { formatFault } from './format/fault.js';
import { parseSource } from './format/parse-source.js';

/** Reads the *.yaml files of a folder. Throws catalog/invalid whose message lists every fault of every file, one a line. */
export async function loadCatalog(dir: string): Promise<Catalog> {
  const { catalog, faults } = await readCatalog(dir);
  if (catalog) return catalog;
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  throw new RollcallError('catalog/invalid', [`${count} in the catalog:`, ...faults.map(formatFault)].join('\n'));
}

/** The same without throwing for faults of the catalog. Throws catalog/invalid when the folder cannot be read or holds no catalog. */
export async function readCatalog(dir: string): Promise<CheckedCatalog> {
  const files = await yamlFiles(dir);
  if (files.length === 0) throw new RollcallError('catalog/invalid', `no *.yaml file in catalog folder ${dir}`);
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  return checkCatalog(files.map((file, at) => parseSource(texts[at] ?? '', join(dir, file))));
}

/** Whether a file of the catalog's folder is a source: kustomize keeps its own list beside them. */
function isSource(name: string): boolean {
  return /^[^.].*\.ya?ml$/.test(name) && name !== 'kustomization.yaml';
}

async function yamlFiles(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).filter(isSource).sort();
  } catch (cause) {
    throw new RollcallError('catalog/invalid', `catalog folder ${dir} cannot be read`, { cause });
  }
}

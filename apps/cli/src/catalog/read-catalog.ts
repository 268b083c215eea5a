import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkCatalog, parseSource, type Catalog, type Fault } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';

export interface ReadCatalog {
  readonly catalog: Catalog | undefined;
  readonly faults: readonly Fault[];
  readonly files: number;
}

export interface CatalogText {
  /** Relative to the catalog folder. */
  readonly file: string;
  readonly text: string;
}

/** Checks the texts of a catalog's files. */
export function checkTexts(texts: readonly CatalogText[]): ReadCatalog {
  const { catalog, faults } = checkCatalog(texts.map(({ text, file }) => parseSource(text, file)));
  return { catalog, faults, files: texts.length };
}

/** Whether a file name is one of a catalog. */
export function isCatalogFile(name: string): boolean {
  return /^[^.].*\.ya?ml$/.test(name);
}

/**
 * Reads and checks a folder without throwing for what stands in it.
 * @throws RollcallError catalog/invalid when the folder cannot be read or holds no YAML
 */
export async function readCatalogFolder(dir: string): Promise<ReadCatalog> {
  const names = await readdir(dir).catch((cause: unknown) => {
    throw new RollcallError('catalog/invalid', `the catalog folder ${dir} cannot be read`, { cause });
  });
  const files = names.filter(isCatalogFile).sort();
  if (files.length === 0) throw new RollcallError('catalog/invalid', `the catalog folder ${dir} holds no YAML file`);
  return checkTexts(
    await Promise.all(files.map(async (file) => ({ file, text: await readFile(join(dir, file), 'utf8') }))),
  );
}

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { diffCatalogs, formatFault, type Catalog, type Change } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { CliContext } from '../cli-context.js';
import type { DiffOptions } from '../commands/catalog-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { textTable } from '../screen/text-table.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { readGitCatalog } from './git-catalog.js';
import { readLakeContracts } from './lake-contracts.js';
import { checkTexts, readCatalogFolder, type ReadCatalog } from './read-catalog.js';

/** `rollcall catalog diff`: what stands between two catalogs and what each change asks for. Exit 1 when a change asks for something. */
export async function runCatalogDiff(
  opened: OpenedSettings,
  options: DiffOptions,
  context: CliContext,
): Promise<ExitCode> {
  const after = sound(await readCatalogFolder(opened.catalogDir), opened.catalogDir);
  const before = await readBefore(opened, options, context, after);
  const changes = diffCatalogs(before, after);
  if (options.json) context.out.line(JSON.stringify(changes));
  else printChanges(changes, context);
  return changes.some((change) => change.effect !== 'nothing') ? EXIT.findings : EXIT.ok;
}

async function readBefore(
  opened: OpenedSettings,
  options: DiffOptions,
  context: CliContext,
  after: Catalog,
): Promise<Catalog> {
  const { against } = options;
  if (against === undefined || options.lake) {
    const { LAKE_URL } = requireSettings(opened.settings, ['LAKE_URL']);
    return readLakeContracts(LAKE_URL, opened.settings, after);
  }
  const folder = resolve(context.cwd, against);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return sound(await readCatalogFolder(folder), folder);
  return sound(checkTexts(await readGitCatalog(opened.catalogDir, against)), against);
}

function sound(read: ReadCatalog, where: string): Catalog {
  if (read.catalog && read.faults.length === 0) return read.catalog;
  throw new RollcallError(
    'catalog/invalid',
    [`the catalog in ${where} has faults:`, ...read.faults.map(formatFault)].join('\n'),
  );
}

function printChanges(changes: readonly Change[], context: CliContext): void {
  if (changes.length === 0) return context.out.line('no change');
  const heads = [{ title: 'dataset' }, { title: 'place' }, { title: 'asks for' }, { title: 'why' }];
  const rows = changes.map(({ dataset, path, effect, sentence }) => [
    dataset,
    path,
    effect.replaceAll('-', ' '),
    sentence,
  ]);
  context.out.line(textTable(heads, rows));
}

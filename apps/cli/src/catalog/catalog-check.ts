import { readCatalogFolder } from './read-catalog.js';
import { formatFault } from '@rollcall/catalog';
import type { CliContext } from '../cli-context.js';
import type { JsonOption } from '../commands/platform-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';

/** `rollcall catalog check`: every fault of the catalog, one a line on standard output. Exit 1 when there is one. */
export async function runCatalogCheck(
  opened: OpenedSettings,
  options: JsonOption,
  context: CliContext,
): Promise<ExitCode> {
  const { catalog, faults, files } = await readCatalogFolder(opened.catalogDir);
  if (options.json) context.out.line(JSON.stringify(faults));
  else for (const fault of faults) context.out.line(formatFault(fault));
  if (!catalog || faults.length > 0) {
    context.err.line(
      context.paintErr.red(`${faults.length} fault${faults.length === 1 ? '' : 's'} in ${opened.catalogDir}`),
    );
    return EXIT.findings;
  }
  if (!options.json)
    context.out.line(`${files} files, ${catalog.sources.length} sources, ${catalog.datasets.size} datasets: no fault`);
  return EXIT.ok;
}

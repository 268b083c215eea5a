import { loadCatalog } from '@rollcall/catalog';
import { checkSchema, openWarehouse } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { RebuildOptions } from '../commands/data-commands.js';
import { openLake } from '../edges/open-lake.js';
import { audit } from '../edges/operator.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { bar } from '../screen/screen.js';
import { grouped } from '../screen/text-table.js';
import { requireSettings, withoutSecrets } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { rebuildDataset } from './rebuild-dataset.js';
import { datasetNamed, resetDataset, restoreDecisions } from './reset-dataset.js';

/** `rollcall rebuild`: the warehouse from the lake alone. Without --yes it only says what it would do. */
export async function runRebuild(
  opened: OpenedSettings,
  options: RebuildOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { WAREHOUSE_URL, LAKE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL', 'LAKE_URL']);
  const { datasets } = await loadCatalog(opened.catalogDir);
  const [name] = options.args;
  const chosen = name === undefined ? [...datasets.values()] : [datasetNamed(datasets, name)];
  if (!options.yes) {
    const names = chosen.map((dataset) => dataset.name).join(', ');
    context.err.line(
      `would empty ${names} in ${withoutSecrets(WAREHOUSE_URL)} and load all of it again from the lake; say --yes to do it`,
    );
    return EXIT.usage;
  }
  const store = await openLake(LAKE_URL, opened.settings);
  await using warehouse = openWarehouse(WAREHOUSE_URL, { applicationName: 'rollcall rebuild' });
  await checkSchema(warehouse);
  for (const dataset of chosen) {
    const decisions = await resetDataset(warehouse, dataset);
    const progress = (done: number, of: number): void =>
      context.err.progress(`${dataset.name} ${bar(done, of)} ${done} of ${of} batches`);
    const { batches, records } = await rebuildDataset(store, warehouse, dataset, progress, context.stop);
    await restoreDecisions(warehouse, dataset.name, decisions);
    await audit(opened.settings, 'rebuild', dataset.name, { batches, records });
    context.err.progress(undefined);
    context.out.line(`${dataset.name}: ${grouped(batches)} batches, ${grouped(records)} records`);
  }
  return EXIT.ok;
}

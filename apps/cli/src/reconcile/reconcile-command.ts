import { loadCatalog, type Dataset, type Source } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { connectSource } from '@rollcall/source-postgres';
import { checkSchema, openWarehouse } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ReconcileOptions } from '../commands/source-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { sourceUrl } from '../sources/source-url.js';
import { planSync } from '../sync/plan-sync.js';
import { printReconciled, summaryOf } from './print-reconciled.js';
import { isSame, reconcileDataset, type Reconciled } from './reconcile-dataset.js';
import { rereadDifferences } from './reread-differences.js';
import type { Databases } from './views.js';

/** A pass over a large table on a busy server. */
const STATEMENT_TIMEOUT_MS = 6 * 3_600_000;

/** `rollcall reconcile`: source and warehouse compared, and what differs read again on request. Exit 1 when something differs at the end. */
export async function runReconcile(
  opened: OpenedSettings,
  options: ReconcileOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { source, datasets } = await chosen(opened, options.args[0] ?? '');
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  const named = { applicationName: 'rollcall reconcile' };
  await using warehouse = openWarehouse(WAREHOUSE_URL, {
    ...named,
    maxConnections: 1,
    readOnly: true,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  await checkSchema(warehouse);
  const client = await connectSource(await sourceUrl(opened, source), { ...named, signal: context.stop });
  try {
    let exit: ExitCode = EXIT.ok;
    for (const dataset of datasets)
      if (!(await reconcileOne(opened, options, context, { source: client, warehouse }, dataset))) exit = EXIT.findings;
    return exit;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function reconcileOne(
  opened: OpenedSettings,
  options: ReconcileOptions,
  context: CliContext,
  databases: Databases,
  dataset: Dataset,
): Promise<boolean> {
  const compare = async (): Promise<Reconciled> => {
    const found = await reconcileDataset(dataset, {
      databases,
      rowsPerRange: options.rowsPerRange,
      settleMs: options.settle * 1000,
      stop: context.stop,
      progress: (text) => context.err.progress(`${dataset.name}: ${text}`),
    });
    context.err.progress(undefined);
    if (options.json) context.out.line(JSON.stringify(summaryOf(found, options.showKeys)));
    else printReconciled(context, found, options.showKeys);
    return found;
  };
  const found = await compare();
  if (isSame(found.compared)) return true;
  if (!options.repair) {
    context.err.line(
      `${dataset.name}: \`rollcall reconcile ${dataset.name} --repair\` reads the ranges that differ again`,
    );
    return false;
  }
  if (!(await rereadDifferences(opened, context, found, options.timeout * 1000))) return false;
  return isSame((await compare()).compared);
}

async function chosen(
  opened: OpenedSettings,
  name: string,
): Promise<{ readonly source: Source; readonly datasets: readonly Dataset[] }> {
  const catalog = await loadCatalog(opened.catalogDir);
  const target = planSync(catalog, name);
  const source = catalog.sources.find((one) => one.source === target.source);
  if (source?.kind !== 'postgres')
    throw new RollcallError(
      'config/invalid',
      `${name} is no database: only what is read from one can be compared with it`,
    );
  return { source, datasets: source.datasets.filter((one) => (target.dataset ?? one.name) === one.name) };
}

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadCatalog, type Catalog } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { openWarehouse, replayQuarantined, type QuarantineEntry, type Warehouse } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ActOptions } from '../commands/waiting-commands.js';
import { openBroker } from '../edges/open-broker.js';
import { openLake } from '../edges/open-lake.js';
import { audit } from '../edges/operator.js';
import { stageByKey } from '../edges/stage-batch.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { saysWhat } from '../waiting/choose.js';
import { allEntries } from './all-entries.js';
import { quarantineFilterOf } from './quarantine-filter.js';
import { replayRejected } from './replay-rejected.js';

interface Replayed {
  done: number;
  refused: number;
}

/**
 * `rollcall quarantine replay`. Records that could not be read go through EVENTS again; rows that the contract refused are read again
 * from their batch in the lake and judged by the contract of today. Exit 1 when some were refused again.
 */
export async function runQuarantineReplay(
  opened: OpenedSettings,
  options: ActOptions,
  context: CliContext,
): Promise<ExitCode> {
  const filter = quarantineFilterOf(options, options.args, context, 'open');
  if (!filter || !saysWhat(options, context)) return EXIT.usage;
  if (options.with !== undefined && options.args.length !== 1) {
    context.err.line('error: --with goes with exactly one id');
    return EXIT.usage;
  }
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  const catalog = await loadCatalog(opened.catalogDir);
  await using warehouse = openWarehouse(WAREHOUSE_URL, { applicationName: 'rollcall quarantine', maxConnections: 2 });
  const entries = await allEntries(warehouse, filter);
  if (options.dryRun) {
    for (const entry of entries)
      context.out.line(options.json ? JSON.stringify(entry) : `would replay ${describe(entry)}`);
    return EXIT.ok;
  }
  const instead = options.with === undefined ? undefined : await readInstead(resolve(context.cwd, options.with));
  // A mended record is a new one, whatever lane the old one is in: it goes through the door.
  const throughDoor = entries.filter((entry) => entry.lane === 'rejected' || instead !== undefined);
  const result: Replayed = { done: 0, refused: 0 };
  if (throughDoor.length > 0) await sendAgain(throughDoor, opened, warehouse, instead, context, result);
  const fromLake = entries.filter((entry) => !throughDoor.includes(entry));
  if (fromLake.length > 0) await loadAgain(fromLake, catalog, opened, warehouse, context, result);
  if (result.done > 0) {
    await audit(opened.settings, 'quarantine.replay', options.dataset ?? 'quarantine', {
      ...result,
      mended: instead !== undefined,
    });
  }
  context.out.line(options.json ? JSON.stringify(result) : `${result.done} replayed, ${result.refused} still refused`);
  return result.refused > 0 ? EXIT.findings : EXIT.ok;
}

async function sendAgain(
  entries: readonly QuarantineEntry[],
  { settings }: OpenedSettings,
  warehouse: Warehouse,
  instead: string | undefined,
  context: CliContext,
  result: Replayed,
): Promise<void> {
  const { NATS_URL } = requireSettings(settings, ['NATS_URL']);
  await using broker = await openBroker(NATS_URL, settings);
  for (const entry of entries) {
    if (context.stop.aborted) return;
    const { ok, what } = await replayRejected(entry, {
      warehouse,
      broker,
      quarantineKey: settings.QUARANTINE_KEY,
      instead,
    });
    result[ok ? 'done' : 'refused'] += 1;
    if (!ok) context.err.line(`${describe(entry)}: ${what}`);
  }
}

/** Batch by batch: all open rows of a batch are judged again together. */
async function loadAgain(
  entries: readonly QuarantineEntry[],
  catalog: Catalog,
  { settings }: OpenedSettings,
  warehouse: Warehouse,
  context: CliContext,
  result: Replayed,
): Promise<void> {
  const { LAKE_URL } = requireSettings(settings, ['LAKE_URL']);
  const store = await openLake(LAKE_URL, settings);
  const keys = new Map(entries.map((entry) => [entry.lakeKey, entry.dataset]));
  for (const [key, name] of keys) {
    if (context.stop.aborted) return;
    const dataset = catalog.datasets.get(name);
    if (!dataset) throw new RollcallError('load/unknown-dataset', `${name} is not in the catalog any more`);
    const { replayed, stillRefused } = await replayQuarantined(warehouse, dataset, [await stageByKey(store, key)]);
    result.done += replayed;
    result.refused += stillRefused;
    if (stillRefused > 0) context.err.line(`${key}: ${stillRefused} rows still do not fit the contract of ${name}`);
  }
}

async function readInstead(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RollcallError('config/invalid', `${path} cannot be read`, { cause });
  });
}

function describe(entry: QuarantineEntry): string {
  return `${entry.id} (${entry.dataset}, ${entry.reason}, ${entry.place})`;
}

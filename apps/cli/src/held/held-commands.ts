import { loadCatalog } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { approveHeld, discardHeld, listHeld, openWarehouse, type HeldClear, type Warehouse } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ActOptions, WaitingFilter } from '../commands/waiting-commands.js';
import { audit, operator } from '../edges/operator.js';
import { openForReading } from '../edges/warehouse-facts.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { grouped } from '../screen/text-table.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { readSince, saysWhat } from '../waiting/choose.js';
import { printRows } from '../waiting/print-rows.js';

const HEADS = [
  { title: 'id', align: 'right' },
  { title: 'dataset' },
  { title: 'scope' },
  { title: 'would delete', align: 'right' },
  { title: 'of', align: 'right' },
  { title: 'status' },
  { title: 'held at' },
] as const;

/** `rollcall held list`. */
export async function runHeldList(
  opened: OpenedSettings,
  options: WaitingFilter,
  context: CliContext,
): Promise<ExitCode> {
  const since = readSince(options, context);
  if (!since) return EXIT.usage;
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  await using warehouse = openForReading(WAREHOUSE_URL);
  const held = await choose(warehouse, options, since.since, options.all ? undefined : 'waiting');
  printRows(context, held.slice(0, options.limit), options.json, HEADS, (clear) => [
    clear.id,
    clear.dataset,
    clear.scope,
    grouped(clear.wouldDelete),
    grouped(clear.standing),
    clear.status,
    clear.heldAt,
  ]);
  return EXIT.ok;
}

/** `rollcall held approve`: the deletion happens now, in one transaction. */
export async function runHeldApprove(
  opened: OpenedSettings,
  options: ActOptions,
  context: CliContext,
): Promise<ExitCode> {
  const catalog = await loadCatalog(opened.catalogDir);
  return act(opened, options, context, 'approve', (warehouse, clear) => {
    const dataset = catalog.datasets.get(clear.dataset);
    if (!dataset) throw new RollcallError('load/unknown-dataset', `${clear.dataset} is not in the catalog any more`);
    return approveHeld(warehouse, dataset, clear.id, operator());
  });
}

/** `rollcall held discard`: the rows stay. */
export function runHeldDiscard(opened: OpenedSettings, options: ActOptions, context: CliContext): Promise<ExitCode> {
  return act(opened, options, context, 'discard', (warehouse, clear) => discardHeld(warehouse, clear.id, operator()));
}

async function act(
  opened: OpenedSettings,
  options: ActOptions,
  context: CliContext,
  verb: 'approve' | 'discard',
  settle: (warehouse: Warehouse, clear: HeldClear) => Promise<boolean>,
): Promise<ExitCode> {
  const since = readSince(options, context);
  if (!since || !saysWhat(options, context)) return EXIT.usage;
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  await using warehouse = openWarehouse(WAREHOUSE_URL, { applicationName: 'rollcall held', maxConnections: 2 });
  const chosen = await choose(warehouse, options, since.since, 'waiting');
  for (const clear of chosen) {
    const text = `${clear.id}: ${clear.dataset}, ${grouped(clear.wouldDelete)} of ${grouped(clear.standing)} rows`;
    if (options.dryRun) {
      context.out.line(options.json ? JSON.stringify(clear) : `would ${verb} ${text}`);
      continue;
    }
    const done = await settle(warehouse, clear);
    if (done) await audit(opened.settings, `held.${verb}`, clear.dataset, { id: clear.id, rows: clear.wouldDelete });
    const said = done
      ? `${verb === 'approve' ? 'approved' : 'discarded'} ${text}`
      : `${clear.id} was no longer waiting`;
    context.out.line(options.json ? JSON.stringify({ id: clear.id, done }) : said);
  }
  if (chosen.length === 0) context.err.line('nothing of that waits');
  return EXIT.ok;
}

async function choose(
  warehouse: Warehouse,
  options: Pick<WaitingFilter, 'args' | 'dataset'>,
  since: string | undefined,
  status: HeldClear['status'] | undefined,
): Promise<readonly HeldClear[]> {
  const all = await listHeld(warehouse, {
    ...(options.dataset !== undefined && { dataset: options.dataset }),
    ...(status !== undefined && { status }),
  });
  return all.filter(
    (clear) =>
      (options.args.length === 0 || options.args.includes(clear.id)) &&
      (since === undefined || Date.parse(clear.heldAt) >= Date.parse(since)),
  );
}

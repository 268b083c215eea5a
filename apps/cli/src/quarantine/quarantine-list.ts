import { listQuarantine } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { WaitingFilter } from '../commands/waiting-commands.js';
import { openForReading } from '../edges/warehouse-facts.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { printRows } from '../waiting/print-rows.js';
import { quarantineFilterOf } from './quarantine-filter.js';

const HEADS = [
  { title: 'id', align: 'right' },
  { title: 'dataset' },
  { title: 'reason' },
  { title: 'place' },
  { title: 'column' },
  { title: 'lane' },
  { title: 'status' },
  { title: 'loaded at' },
] as const;

/** `rollcall quarantine list`. Contents are never shown here. */
export async function runQuarantineList(
  opened: OpenedSettings,
  options: WaitingFilter,
  context: CliContext,
): Promise<ExitCode> {
  const filter = quarantineFilterOf(options, [], context, options.all ? undefined : 'open');
  if (!filter) return EXIT.usage;
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  await using warehouse = openForReading(WAREHOUSE_URL);
  const entries = await listQuarantine(warehouse, filter);
  printRows(context, entries, options.json, HEADS, (entry) => [
    entry.id,
    entry.dataset,
    entry.reason,
    entry.place,
    entry.column ?? '',
    entry.lane,
    entry.status,
    entry.loadedAt,
  ]);
  return EXIT.ok;
}

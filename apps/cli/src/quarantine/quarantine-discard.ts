import { openWarehouse, settleQuarantine } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ActOptions } from '../commands/waiting-commands.js';
import { audit, operator } from '../edges/operator.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { saysWhat } from '../waiting/choose.js';
import { allEntries } from './all-entries.js';
import { quarantineFilterOf } from './quarantine-filter.js';

/** `rollcall quarantine discard`: marked, audited; the record stays in the lake. */
export async function runQuarantineDiscard(
  opened: OpenedSettings,
  options: ActOptions,
  context: CliContext,
): Promise<ExitCode> {
  const filter = quarantineFilterOf(options, options.args, context, 'open');
  if (!filter || !saysWhat(options, context)) return EXIT.usage;
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  await using warehouse = openWarehouse(WAREHOUSE_URL, { applicationName: 'rollcall quarantine', maxConnections: 1 });
  const ids = (await allEntries(warehouse, filter)).map(({ id }) => id);
  if (options.dryRun) {
    context.out.line(
      options.json ? JSON.stringify({ wouldDiscard: ids }) : `would discard ${ids.length}: ${ids.join(', ')}`,
    );
    return EXIT.ok;
  }
  const discarded = ids.length === 0 ? 0 : await settleQuarantine(warehouse, ids, 'discarded', operator());
  if (discarded > 0)
    await audit(opened.settings, 'quarantine.discard', options.dataset ?? 'quarantine', { discarded, ids });
  context.out.line(options.json ? JSON.stringify({ discarded }) : `${discarded} discarded`);
  return EXIT.ok;
}

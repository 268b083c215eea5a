import { showQuarantine } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ShowOptions } from '../commands/waiting-commands.js';
import { openForReading } from '../edges/warehouse-facts.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { printFacts } from '../waiting/print-rows.js';
import { quarantineFilterOf } from './quarantine-filter.js';
import { unsealEntry } from './unseal-entry.js';

/** `rollcall quarantine show`: everything known of one entry; its content only with --reveal. */
export async function runQuarantineShow(
  opened: OpenedSettings,
  options: ShowOptions,
  context: CliContext,
): Promise<ExitCode> {
  const [id = ''] = options.args;
  if (!quarantineFilterOf({ json: options.json, all: true }, [id], context)) return EXIT.usage;
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  await using warehouse = openForReading(WAREHOUSE_URL);
  const entry = await showQuarantine(warehouse, id);
  if (!entry) {
    context.err.line(`there is no quarantine entry ${id}`);
    return EXIT.findings;
  }
  const { sealed, ...facts } = entry;
  const fromLake = entry.lane === 'rows';
  const content = options.reveal && !fromLake ? unsealEntry(entry, opened.settings.QUARANTINE_KEY) : undefined;
  const kept = fromLake ? `in the lake: ${entry.lakeKey} at ${entry.position}` : sealed === undefined ? 'no' : 'sealed';
  if (options.json) {
    context.out.line(JSON.stringify({ ...facts, content: kept, ...(content !== undefined && { record: content }) }));
    return EXIT.ok;
  }
  printFacts(context, { ...facts, content: kept });
  if (content !== undefined) context.out.line(`\n${content}`);
  else if (options.reveal)
    context.err.line('this row is whole in the lake; `rollcall quarantine replay` reads it from there');
  return EXIT.ok;
}

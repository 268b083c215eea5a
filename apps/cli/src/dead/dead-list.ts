import type { CliContext } from '../cli-context.js';
import type { WaitingFilter } from '../commands/waiting-commands.js';
import { openBroker } from '../edges/open-broker.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { readSince } from '../waiting/choose.js';
import { printRows } from '../waiting/print-rows.js';
import { readDeadLetters, type BuriedMessage, type DeadFilter } from './dead-letters.js';

const HEADS = [
  { title: 'id', align: 'right' },
  { title: 'buried at' },
  { title: 'subject' },
  { title: 'code' },
  { title: 'tries', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'message' },
] as const;

/** What a command's options say of dead letters; undefined when they cannot be understood. */
export function deadFilterOf(
  options: Omit<WaitingFilter, 'args'>,
  ids: readonly string[],
  context: CliContext,
): DeadFilter | undefined {
  const since = readSince(options, context);
  const numbers = ids.map(Number);
  if (numbers.some((id) => !Number.isSafeInteger(id) || id < 1)) {
    context.err.line('error: ids of dead letters are whole numbers; `rollcall dead list` shows them');
    return undefined;
  }
  return (
    since && {
      ...since,
      ...(options.dataset !== undefined && { dataset: options.dataset }),
      ...(options.reason !== undefined && { reason: options.reason }),
      ...(numbers.length > 0 && { ids: numbers }),
    }
  );
}

/** `rollcall dead list`: the newest first. Sealed bytes are never shown here. */
export async function runDeadList(
  opened: OpenedSettings,
  options: WaitingFilter,
  context: CliContext,
): Promise<ExitCode> {
  const filter = deadFilterOf(options, [], context);
  if (!filter) return EXIT.usage;
  const { NATS_URL } = requireSettings(opened.settings, ['NATS_URL']);
  await using broker = await openBroker(NATS_URL, opened.settings);
  const limit = options.limit ?? Number.MAX_SAFE_INTEGER;
  const found: BuriedMessage[] = [];
  for await (const message of readDeadLetters(broker, filter)) {
    found.push(message);
    if (found.length > limit) found.shift();
  }
  const rows = found
    .reverse()
    .map(({ id, letter: { sealed, ...facts } }) => ({ id, ...facts, kept: sealed !== undefined }));
  printRows(context, rows, options.json, HEADS, (row) => [
    String(row.id),
    row.buriedAt,
    row.subject,
    row.code,
    String(row.tries),
    String(row.bytes),
    row.message.slice(0, 80),
  ]);
  return EXIT.ok;
}

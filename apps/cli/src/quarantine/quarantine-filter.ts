import type { QuarantineEntry, QuarantineFilter } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { WaitingFilter } from '../commands/waiting-commands.js';
import { readSince } from '../waiting/choose.js';

/** What a command's options say of quarantine entries; undefined when they cannot be understood. */
export function quarantineFilterOf(
  options: Omit<WaitingFilter, 'args'>,
  ids: readonly string[],
  context: CliContext,
  status?: QuarantineEntry['status'],
): QuarantineFilter | undefined {
  const since = readSince(options, context);
  if (ids.some((id) => !/^[1-9]\d{0,18}$/.test(id))) {
    context.err.line('error: ids of quarantine are whole numbers; `rollcall quarantine list` shows them');
    return undefined;
  }
  return (
    since && {
      ...since,
      ...(status !== undefined && { status }),
      ...(options.dataset !== undefined && { dataset: options.dataset }),
      ...(options.reason !== undefined && { reason: options.reason }),
      ...(options.limit !== undefined && { limit: options.limit }),
      ...(ids.length > 0 && { ids }),
    }
  );
}

import type { CliContext } from '../cli-context.js';
import type { ActOptions, WaitingFilter } from '../commands/waiting-commands.js';
import { parseSince } from './since.js';

/** `--since` as an instant, or undefined with a word to the operator when it is none. */
export function readSince(
  options: Pick<WaitingFilter, 'since'>,
  context: CliContext,
): { readonly since?: string } | undefined {
  if (options.since === undefined) return {};
  const since = parseSince(options.since, Date.now());
  if (since !== undefined) return { since };
  context.err.line('error: --since must be 30m, 12h, 7d or an instant in UTC such as 2026-01-31T08:00:00Z');
  return undefined;
}

/** Whether an acting command says what it is about: ids, a filter or --all. Otherwise nothing may happen. */
export function saysWhat(options: ActOptions, context: CliContext): boolean {
  const chosen =
    options.args.length > 0 ||
    options.all ||
    [options.dataset, options.reason, options.since].some((filter) => filter !== undefined);
  if (!chosen) context.err.line('error: say which ones: ids, --dataset, --reason, --since, or --all');
  return chosen;
}

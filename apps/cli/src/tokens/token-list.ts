import type { CliContext } from '../cli-context.js';
import type { TokenListOptions } from '../commands/token-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { printRows } from '../waiting/print-rows.js';
import { openTokens } from './open-tokens.js';
import { tokenState } from './token-state.js';

const HEADS = [
  { title: 'id', align: 'right' },
  { title: 'name' },
  { title: 'opens' },
  { title: 'state' },
  { title: 'made' },
  { title: 'by' },
  { title: 'expires' },
  { title: 'last used' },
] as const;

/** `rollcall token list`: what is known of each, and never its hash. */
export async function runTokenList(
  opened: OpenedSettings,
  options: TokenListOptions,
  context: CliContext,
): Promise<ExitCode> {
  await using ops = await openTokens(opened.settings);
  const tokens = (await ops.listTokens())
    .map(({ hash: _, ...token }) => ({ ...token, state: tokenState(token, Date.now()) }))
    .filter(({ state }) => options.all || state === 'usable');
  printRows(context, tokens, options.json, HEADS, (token) => [
    token.id,
    token.name,
    token.scopes.join(', '),
    token.state,
    minute(token.createdAt),
    token.createdBy,
    token.expiresAt === null ? 'never' : minute(token.expiresAt),
    token.lastUsedAt === null ? 'never' : minute(token.lastUsedAt),
  ]);
  return EXIT.ok;
}

function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

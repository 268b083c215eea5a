import type { CliContext } from '../cli-context.js';
import type { TokenRevokeOptions } from '../commands/token-commands.js';
import { operator } from '../edges/operator.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { openTokens } from './open-tokens.js';

/** `rollcall token revoke`; revoking again finds nothing and exits 1, so that a misspelt name is seen. */
export async function runTokenRevoke(
  opened: OpenedSettings,
  options: TokenRevokeOptions,
  context: CliContext,
): Promise<ExitCode> {
  const [name = ''] = options.args;
  await using ops = await openTokens(opened.settings);
  const standing = (await ops.listTokens()).filter((token) => token.name === name && token.revokedAt === null);
  const chosen = options.id === undefined ? standing : standing.filter(({ id }) => id === options.id);
  for (const { id } of chosen) {
    const done = await ops.revokeToken(id);
    if (done) await ops.audit({ actor: operator(), action: 'token.revoke', subject: name, details: { id } });
    context.out.line(options.json ? JSON.stringify({ id, name, done }) : `revoked token ${id} of ${name}`);
  }
  if (chosen.length > 0) return EXIT.ok;
  const which = options.id === undefined ? '' : ` with id ${options.id}`;
  context.err.line(context.paintErr.red(`no token of ${name}${which} is in use: rollcall token list`));
  return EXIT.findings;
}

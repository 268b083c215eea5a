import { randomBytes } from 'node:crypto';
import { parseDuration } from '@rollcall/catalog';
import { sha256Hex } from '@rollcall/kernel';
import type { CliContext } from '../cli-context.js';
import type { TokenCreateOptions } from '../commands/token-commands.js';
import { operator } from '../edges/operator.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { openTokens } from './open-tokens.js';
import { tokenNameFault } from './token-name.js';

/** `rollcall token create`: the token goes to standard output alone, and stands nowhere afterwards. */
export async function runTokenCreate(
  opened: OpenedSettings,
  options: TokenCreateOptions,
  context: CliContext,
): Promise<ExitCode> {
  const [name = ''] = options.args;
  const expirySeconds = options.expires === undefined ? undefined : parseDuration(options.expires);
  const fault = tokenNameFault(name);
  const faults = [
    ...(fault === undefined ? [] : [`<name>: ${fault}`]),
    ...(options.expires === undefined || expirySeconds !== undefined ? [] : ['--expires: write it as 12h or 90d.']),
  ];
  for (const sentence of faults) context.err.line(`error: ${sentence}`);
  if (faults.length > 0) return EXIT.usage;
  const token = newToken();
  const scopes = options.scope ?? ['reports'];
  const expiresAt = expirySeconds === undefined ? undefined : new Date(Date.now() + expirySeconds * 1000).toISOString();
  await using ops = await openTokens(opened.settings);
  const made = await ops.createToken({ name, hash: sha256Hex(token), scopes, createdBy: operator(), expiresAt });
  const details = { id: made.id, scopes, ...(expiresAt !== undefined && { expiresAt }) };
  await ops.audit({ actor: operator(), action: 'token.create', subject: name, details });
  if (options.json) {
    context.out.line(JSON.stringify({ token, id: made.id, name, scopes, expiresAt: made.expiresAt }));
    return EXIT.ok;
  }
  context.out.line(token);
  const until =
    expiresAt === undefined ? 'until it is revoked' : `until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC`;
  context.err.line(`token ${made.id} of ${name} opens ${scopes.join(' and ')}, ${until}; it is not shown again`);
  return EXIT.ok;
}

/** 256 random bits behind a word that says whose they are: tools that look for leaked secrets find it. */
function newToken(): string {
  return `rollcall_${randomBytes(32).toString('base64url')}`;
}

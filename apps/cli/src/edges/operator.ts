import { userInfo } from 'node:os';
import { openOps } from '@rollcall/warehouse';
import { requireSettings, type CliSettings } from '../settings/cli-settings.js';

/** Who acts, for the ledger and the audit: `cli:<user of this machine>`. */
export function operator(): string {
  return `cli:${userInfo().username}`;
}

/** Notes what an operator did; counts and ids only, never values of rows. */
export async function audit(
  settings: CliSettings,
  action: string,
  subject: string,
  details: Readonly<Record<string, string | number | boolean | readonly string[]>>,
): Promise<void> {
  const { WAREHOUSE_URL } = requireSettings(settings, ['WAREHOUSE_URL']);
  await using ops = await openOps(settings.OPS_URL ?? WAREHOUSE_URL);
  await ops.audit({ actor: operator(), action, subject, details });
}
